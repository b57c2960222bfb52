"""For which certificates a document signer may sign, read from its X.509 certificate by a tolerant reader."""

from asn1crypto import x509

USAGE_TEST = "test"
USAGE_VACCINATION = "vaccination"
USAGE_RECOVERY = "recovery"

# eu-dcc-hcert-spec 1.0.8, A.7.4; the arc with 0 is a mistake that was issued and must be read.
USAGE_OF_OID = {
    "1.3.6.1.4.1.1847.2021.1.1": USAGE_TEST,
    "1.3.6.1.4.1.1847.2021.1.2": USAGE_VACCINATION,
    "1.3.6.1.4.1.1847.2021.1.3": USAGE_RECOVERY,
    "1.3.6.1.4.1.0.1847.2021.1.1": USAGE_TEST,
    "1.3.6.1.4.1.0.1847.2021.1.2": USAGE_VACCINATION,
    "1.3.6.1.4.1.0.1847.2021.1.3": USAGE_RECOVERY,
}

# The groups of a DCC and the usage each needs.
USAGE_OF_GROUP = {"t": USAGE_TEST, "v": USAGE_VACCINATION, "r": USAGE_RECOVERY}


def usages_of(der: bytes) -> frozenset[str]:
    """The usages named in the extended key usage of the X.509 certificate `der`; empty means any.

    No extension, an empty one and one with foreign purposes only all mean any. asn1crypto parses only what is
    asked for, so certificates with faults elsewhere (real ones have them) are read. Raises ValueError.
    """
    try:
        extensions = x509.Certificate.load(der)["tbs_certificate"]["extensions"]
        for extension in extensions:
            if extension["extn_id"].native == "extended_key_usage":
                purposes = [purpose.dotted for purpose in extension["extn_value"].parsed]
                return frozenset(USAGE_OF_OID[purpose] for purpose in purposes if purpose in USAGE_OF_OID)
    except (TypeError, KeyError) as error:
        raise ValueError("not a certificate") from error
    return frozenset()
