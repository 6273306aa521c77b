"""Where rules meet HTTP: refusals, idempotency, the clock, the base page.

Knows no module above it. Its tables: `web_answer`, the remembered answer to a
request that carried an idempotency key; and `web_cache`, counts that all server processes
share (`json_cache`).
"""
