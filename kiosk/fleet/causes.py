"""What lies behind a broken link to the fleet's broker, and what a technician does about it."""

CAUSES = {
    "no-link": (
        "nothing answers at fleet.address",
        "check the network cable and that the broker runs at fleet.address",
    ),
    "timeout": (
        "what is sent to fleet.address gets no answer",
        "check the cables beyond the terminal, the router and the firewall, then fleet.address",
    ),
    "name-unknown": (
        "nobody knows the host of fleet.address",
        "write a number there, or the host into the terminal's hosts file",
    ),
    "certificate-expired": (
        "the terminal's own certificate has expired",
        "have fleet.certificate renewed",
    ),
    "file-unusable": (
        "a file that the settings name is missing or not what it should be",
        "look at fleet.authority, fleet.certificate, fleet.tls_key and fleet.password",
    ),
    "broker-untrusted": (
        "the broker's certificate is of an authority that fleet.authority does not hold",
        "put the authority of the broker's certificate at fleet.authority",
    ),
    "broker-certificate-expired": (
        "the broker's certificate has expired, or the terminal's clock is wrong",
        "look at the clock first; then tell the hall to renew the broker's certificate",
    ),
    "broker-other-name": (
        "the broker's certificate is for another name",
        "name the broker in fleet.address as its certificate does",
    ),
    "tls-refused": (
        "the broker does not take this terminal's certificate",
        "have the certificate issued anew, and see that it was not revoked",
    ),
    "not-let-in": (
        "the broker does not let this terminal in",
        "register the terminal at the broker: its certificate, or its number and password",
    ),
    "may-not-tell": (
        "the broker's rules do not let this terminal tell how it is",
        "let them allow a terminal's own topics, as packaging/mosquitto.acl does",
    ),
    "connection-lost": (
        "the broker ended the connection",
        "look whether another program uses this terminal's number, then at the broker's log",
    ),
}
"""By stable word: the cause and its remedy."""


def remedy_of(trouble: str) -> str:
    return CAUSES[trouble][1]
