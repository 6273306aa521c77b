"""What a time on a wall clock can mean, where clocks are put forward and back."""

from datetime import UTC, datetime, tzinfo


def readings(local: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """The instants that clocks of this zone showed so, in UTC and in their order.

    Shape: one; two for the hour that clocks went through twice; none for the hour that they skipped.
    Errors: OverflowError for what no calendar goes to.
    """
    one = local.replace(tzinfo=zone)
    if one.utcoffset() == one.replace(fold=1).utcoffset():  # every other hour of the year
        return (one.astimezone(UTC),)
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(
        sorted(each for each in both if each.astimezone(zone).replace(tzinfo=None) == local)
    )
