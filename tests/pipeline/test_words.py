"""The names that a command line may hold: the shipped ones, and those of the user's own folder."""

from advisor.pipeline import words


def test_each_kind_has_its_shipped_names(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert {"cnn", "trees", "llm-7b"} <= set(words.workloads())
    assert {"gpu-node", "workstation"} <= set(words.policies())
    assert {"plan-must-fit-memory"} <= set(words.rules())
    assert "cnn" not in words.rules()


def test_names_of_the_users_own_folder_are_among_them(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own = tmp_path / "mlinfra" / "rules"
    for kind, name in (("policy", "ours"), ("placement", "our-rule")):
        (own / kind).mkdir(parents=True)
        (own / kind / f"{name}.yaml").write_text("")
    assert "ours" in words.policies()
    assert "our-rule" in words.rules()
    assert "our-rule" not in words.policies()


def test_parts_are_named_as_drivers_print_them(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    assert {"NVIDIA L4", "NVIDIA H200"} <= set(words.parts())
