"""The decisions of dispatch: asking and answering, which unit, the way there and back, cautions."""
