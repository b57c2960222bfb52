"""How a paper names the rule by which it holds: what enacted it, and what its hours count from (field rules C3)."""

from chotxanh.domain.validity import ValidityRule
from chotxanh.language.texts import text


def rule_words(rule: ValidityRule | None) -> str:
    """Return what was enacted, and the number of its document; empty without a rule."""
    if rule is None:
        return ""
    if not rule.document:
        return rule.legal_reference
    return text("certificate.rule_of_document", reference=rule.legal_reference, document=rule.document)


def anchor_words(rule: ValidityRule | None) -> str:
    """Return what the hours count from, and that other provinces may count otherwise; empty without a rule."""
    return text(f"certificate.anchor.{rule.anchor}") if rule else ""


def pool_words(size: int | None) -> str:
    """Return that several people shared the tube, and how many; empty where nobody did, or it is not known."""
    return text("certificate.pool_of", count=size) if size and size > 1 else ""
