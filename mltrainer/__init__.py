"""The assembly: settings, addresses, servers. It imports every chapter and nobody imports it."""
