"""The one base of every form that people fill in: a class of fields becomes a page with labels, hints and mistakes.

    class FacilityForm(Form):
        texts = "office.facility"                      # labels `office.facility.name`, hints `...name_hint` if there
        blames = {"facility_code_taken": "code"}       # which field a problem of the write belongs to

        code = Text(parse=parse_facility_code, size="short", longest=40)
        name = Text()
        opened_on = Day()
        post = Select(options=post_options)            # rows: a function returning Option(value, label)
        kind = Choice(options=("sampling", "testing")) # codes: their words are `office.facility.kind.sampling`
        note = LongText(is_optional=True)

    def new_facility(request: HttpRequest, member: Member) -> HttpResponse:
        form = FacilityForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with form.blaming():                       # a Problem raised inside becomes a mistake of the form
                register_facility(form.cleaned_data["code"], ...)
                return redirect("office_facilities")   # every POST that succeeds ends in a redirect
        return render(request, "office/new_facility.html", {"form": form}, status=form.status)

In the template, below heading and lead:

    {% include "forms/mistakes.html" %}
    {% include "forms/form.html" with button="office.facility.register" cancel=back %}

or field by field: `{{ form.code.as_field_group }}`. What was typed is kept, each mistake stands at the top and beside
its field, ids are the fields' names (after a `stem` where one page has several forms), nothing needs JavaScript. A rule
over several fields is a `clean` that uses `with self.blaming("plate"):`. A field's `parse` raises Problem.
"""
