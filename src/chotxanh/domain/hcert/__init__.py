"""EU Digital COVID Certificates: base45, COSE, CWT, schema, verdict (eu-dcc-hcert-spec 1.0.8)."""
