"""The outside world: files, network, keyring, sqlite, processes. Asynchronous, without a screen."""
