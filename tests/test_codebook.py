"""The codebook: the shipped one follows Holsti, another works as well, and errors name their place."""

import pytest

from rolecoder.codebook import codebook_from, read_codebook
from rolecoder.errors import RolecoderError

HOLSTI = (
    "bastion_of_revolution regional_leader regional_protector active_independent liberation_supporter "
    "anti_imperialist_agent defender_of_the_faith mediator_integrator regional_subsystem_collaborator developer bridge "
    "faithful_ally independent example internal_development isolate protectee"
).split()
THREE = """
name: three
version: "2"
source: invented
roles:
  - {code: leads, name: Leads, rank: 2, definition: goes first, aliases: [head]}
  - {code: stirs, name: Stirs, rank: 1, definition: moves others}
  - {code: rests, name: Rests, rank: 3, definition: stays}
"""


@pytest.fixture(scope="module")
def holsti(root):
    return read_codebook(root / "labels" / "codebook.yaml")


def row(**changes):
    return {"code": "leads", "name": "Leads", "rank": 1, "definition": "goes first"} | changes


def refused(*rows, match):
    with pytest.raises(RolecoderError, match=match):
        codebook_from({"name": "n", "version": "1", "source": "s", "roles": list(rows)}, where="book.yaml")


def test_the_shipped_codebook_holds_holstis_seventeen_roles_in_order_of_activity(holsti):
    assert list(holsti.codes) == HOLSTI
    assert holsti.ranks == tuple(range(1, 18))
    assert holsti.name == "holsti-17"
    assert all(r.definition and r.include and r.exclude and r.boundaries and r.aliases for r in holsti.roles)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Bastion of revolution-liberation", "bastion_of_revolution"),
        ("Liberal supporter", "liberation_supporter"),
        ("Anti-imperial agent", "anti_imperialist_agent"),
        ("faithful_ally", "faithful_ally"),
        (" Mediator-Integrator ", "mediator_integrator"),
    ],
)
def test_the_names_that_published_tables_print_lead_to_the_roles(holsti, printed, code):
    assert holsti.resolve(printed) == code


def test_an_unknown_role_is_refused_with_the_closest(holsti):
    with pytest.raises(
        RolecoderError, match=r"labels\.csv:4: 'faithfull ally' is not a role.*closest is 'faithful_ally'"
    ):
        holsti.resolve("faithfull ally", where="labels.csv:4")
    with pytest.raises(RolecoderError, match="is not a role of the codebook 'holsti-17'; expected"):
        holsti.resolve("zzzzzz")


def test_roles_parted_by_commas_are_shown_as_they_should_be_written(holsti):
    with pytest.raises(RolecoderError, match="part them by semicolons: faithful_ally;bridge"):
        holsti.resolve("Faithful ally, bridge")


def test_another_codebook_of_three_roles_is_ordered_by_rank_and_resolves_its_aliases(tmp_path):
    path = tmp_path / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    book = read_codebook(path)
    assert book.codes == ("stirs", "leads", "rests")
    assert book.resolve("HEAD") == "leads"


def test_the_digest_changes_with_a_meaning_and_only_then(tmp_path):
    path = tmp_path / "three.yaml"

    def digest(text):
        path.write_text(text, encoding="utf-8")
        return read_codebook(path).digest

    lines = THREE.strip().splitlines()
    turned = "\n".join(["# the same roles, in another order", *lines[:-3], *reversed(lines[-3:])])
    assert turned != THREE and digest(turned) == digest(THREE)
    assert digest(THREE.replace("goes first", "goes last")) != digest(THREE)


def test_a_malformed_role_is_refused_with_its_number(tmp_path):
    refused(match="no roles")
    refused({"code": "a"}, match="role 1: a role without name, rank, definition")
    refused("leads", match="role 1: a role without")
    refused(row(aliasses=["x"]), match="unknown field 'aliasses'; closest is 'aliases'")
    refused(row(aliases="head"), match="role 1: aliases is 'head'; expected a list")
    refused(row(code="two words"), match="code 'two words'")
    refused(row(rank="first"), match="rank 'first'")


def test_a_code_name_alias_or_rank_that_occurs_twice_is_refused():
    refused(row(), row(code="b", name="B"), match="occurs twice: rank 1")
    refused(row(), row(code="b", name="leads", rank=2), match="occurs twice: leads")
    refused(row(), row(code="b", name="B", rank=2, aliases=["LEADS"]), match="occurs twice: leads")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("code: leads", "code: none"), "role none: a role is called 'none'"),
        (("name: Leads", "name: None"), "role leads: a role is called 'None'"),
        (("[head]", "[NA]"), "a role is called 'NA'"),
        (("[head]", '["head; chief"]'), "'head; chief' has a semicolon"),
        (
            ("code: leads", "code: no"),
            "role 1: a code, name or alias that YAML reads as False\n  mend: write it in quotes",
        ),
        (("[head]", "[off]"), "YAML reads as False"),
        (("name: Leads", "name: null"), "YAML reads as None"),
    ],
)
def test_a_role_that_labels_cannot_name_is_refused(tmp_path, change, said):
    path = tmp_path / "book.yaml"
    path.write_text(THREE.replace(*change), encoding="utf-8")
    with pytest.raises(RolecoderError) as error:
        read_codebook(path)
    assert str(error.value).startswith(str(path)) and said in str(error.value)


def test_a_file_that_is_no_codebook_is_refused(tmp_path):
    path = tmp_path / "book.yaml"
    for content, match in (("a: [", "not a readable codebook"), ("- 1", "no list of roles"), ("roles: 3", "no list")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(RolecoderError, match=match):
            read_codebook(path)
    with pytest.raises(RolecoderError, match="not a readable codebook"):
        read_codebook(tmp_path / "absent.yaml")
    path.write_text(THREE.replace('"2"', "2024-02-30"), encoding="utf-8")
    with pytest.raises(RolecoderError, match="not a readable codebook"):
        read_codebook(path)
