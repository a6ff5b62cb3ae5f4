"""What the words at a name say of a company: country, kind and parent, and that it is not the one that we know."""

from __future__ import annotations

from collections.abc import Callable

from extract.model import CompanyMention, Extraction

Read = Callable[..., Extraction]


def described(extraction: Extraction, id: str) -> tuple[str, str | None, str | None]:
    (found,) = [company for company in extraction.companies if company.id == id]
    return found.kind, found.country, found.parent


def company(extraction: Extraction, id: str) -> CompanyMention:
    (found,) = [company for company in extraction.companies if company.id == id]
    return found


def test_a_namesake_from_elsewhere_is_a_company_of_its_own(read: Read) -> None:
    extraction = read(
        "The Kenyan grocer Target said on Monday that it had signed an agreement with Naivas. Target will open shops.",
        "Kenyan grocer signs agreement",
    )
    assert "target" not in {c.id for c in extraction.companies}
    found = company(extraction, "target-ke")
    assert (found.name, found.country) == ("Target (KE)", "KE")
    assert [m.text for m in found.mentions] == ["Target", "Target"]


def test_units_abroad_and_a_loose_word_make_no_namesake(read: Read) -> None:
    extraction = read(
        "The Mexican supermarket chain Walmart and the US retailer Target have signed an agreement. Walmart Mexico and "
        "Asda, the British arm of Walmart, agreed. Target, the British arm of Lumo, did not.",
        "Walmart and Target sign agreement",
    )
    assert {"walmart", "target", "asda"} <= {c.id for c in extraction.companies}


def test_a_unit_and_its_parent(read: Read) -> None:
    extraction = read(
        "Brinkholt, a Danish grocery chain, said its discount arm Kwikmarta had signed an agreement with Tesco. "
        "Kwikmarta will sell cheese. Brinkholt's delivery app Lumora will bring it.",
        "Discounter signs agreement with Tesco",
    )
    assert described(extraction, "kwikmarta") == ("business_unit", None, "brinkholt")
    assert described(extraction, "lumora") == ("platform", None, "brinkholt")
    assert described(extraction, "brinkholt") == ("company", "DK", None)


def test_a_unit_of_a_company_and_one_that_it_owns(read: Read) -> None:
    extraction = read(
        "Pagoria, a unit of Brinkholt, said on Thursday it had signed an agreement with Tesco. Kwikmarta, owned by the "
        "Danish grocer Brinkholt, has signed it too. The retailer Kwikmarta sells cheese.",
        "Pagoria signs agreement with Tesco",
    )
    assert described(extraction, "pagoria") == ("business_unit", None, "brinkholt")
    assert described(extraction, "kwikmarta") == ("company", None, "brinkholt")


def test_homes(read: Read) -> None:
    extraction = read(
        "Hartnell's, the Danish grocer, has signed an agreement with the Madrid-based payment firm Zapagor. The South "
        "African retailer Lumkani and the London-listed grocer Brinkholt said so.",
        "Grocer signs agreement with payment firm",
    )
    countries = {c.id: c.country for c in extraction.companies}
    assert countries == {"hartnells": "DK", "zapagor": "ES", "lumkani": "ZA", "brinkholt": None}


def test_a_council_is_a_public_body(read: Read) -> None:
    extraction = read("Leeds City Council has signed an agreement with Tesco.", "Council and Tesco sign")
    assert described(extraction, "leeds-city-council")[0] == "public_body"
