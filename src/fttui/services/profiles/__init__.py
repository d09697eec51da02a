"""Who to talk to and with which key: settings, keyring, the embedded engine."""
