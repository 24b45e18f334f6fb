"""What a technician does about a broken link to the fleet's broker."""

_REMEDIES = {
    "no-link": "check the network cable and that the broker runs at fleet.address",
    "timeout": "check the cables beyond the terminal, the router and the firewall, then fleet.address",
    "name-unknown": "check the host of fleet.address; on terminals it is a number or stands in the hosts file",
    "certificate-expired": "renew the terminal's certificate, fleet.certificate",
    "file-unusable": "check that fleet.ca, fleet.certificate, fleet.key and fleet.password are there and readable",
    "broker-untrusted": "put the authority of the broker's certificate at fleet.ca",
    "broker-certificate-expired": "tell the hall: the broker's certificate has expired (or this clock is wrong)",
    "broker-other-name": "name the broker in fleet.address as its certificate does",
    "tls-refused": "the broker does not take this terminal's certificate: have it issued anew",
    "not-let-in": "register the terminal at the broker: its certificate, or its number and password",
    "may-not-tell": "let the broker's rules allow this terminal's own topics (packaging/mosquitto.acl)",
    "connection-lost": "look whether another program uses this terminal's number at the broker",
}


def remedy_of(trouble: str) -> str:
    return _REMEDIES[trouble]
