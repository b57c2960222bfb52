"""What a template draws once is the same for everybody: it sees nothing of the reader for whom it was drawn."""

from itertools import product

from django.template import engines

from chotxanh.language.texts import use_language


def drawn(source: str, **values: object) -> str:
    return str(engines["django"].from_string(source).render(values))


def test_nothing_but_the_names_given_is_seen_inside() -> None:
    source = "{% once sign %}{{ sign }}{{ secret }}{% endonce %} {{ secret }}"
    assert drawn(source, sign="<valid>", secret="of Mai") == "&lt;valid&gt; of Mai"


def test_each_value_and_each_language_is_drawn_for_itself() -> None:
    template = engines["django"].from_string(
        '{% once sign %}{{ sign }} {% t "site.home" %}{% endonce %} {{ page }}'
    )
    pages = []
    for number, (language, sign) in enumerate(product(("vi", "en", "vi"), ("over", "valid"))):
        use_language(language)
        pages.append(str(template.render({"sign": sign, "page": number})))
    use_language("vi")
    assert [page[:-1] for page in pages[:2]] == [page[:-1] for page in pages[4:]]
    assert len({page[:-1] for page in pages}) == 4
    assert [page[-1] for page in pages] == list("012345")


def test_what_was_drawn_for_many_values_is_forgotten() -> None:
    template = engines["django"].from_string("{% once sign %}{{ sign }}{% endonce %}")
    assert [template.render({"sign": number}) for number in range(200)] == [str(n) for n in range(200)]


def test_a_sign_is_drawn_as_its_template_draws_it() -> None:
    assert drawn("{% sign 'valid' %}") == drawn("{% include 'site/sign.html' with sign='valid' %}").strip()
    assert drawn("{% sign 'over' %}") != drawn("{% sign 'valid' %}")


def test_facts_are_escaped_and_the_empty_ones_left_out() -> None:
    rows = [("certificate.holder", "<b>&"), ("verify.pool", ""), ("certificate.rule", 'điều "3"')]
    written = drawn("{% facts rows %}", rows=rows)
    assert written.count("<div>") == 2
    assert "<dd>&lt;b&gt;&amp;</dd>" in written
    assert "<dd>điều &quot;3&quot;</dd>" in written
