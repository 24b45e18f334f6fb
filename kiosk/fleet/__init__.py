"""The terminal in its fleet: how it is, told over MQTT."""
