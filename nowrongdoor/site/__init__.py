"""Where everything is put together: settings, addresses, the command line, the worker, live boards."""
