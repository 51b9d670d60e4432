"""Statements are as certain in one language as in the other."""

import pytest

from articles.desk import WARN
from articles.desk.hedges import hedges_agree
from tests.articles.desk.documents import make_document, make_statement, summary


def _findings(chinese: str, english: str) -> list:
    document = make_document(language="zh-hans", statements=(make_statement(text=chinese),))
    other = make_document(statements=(make_statement(text=english),))
    found = list(hedges_agree(document, other))
    assert len(found) == len(list(hedges_agree(other, document)))
    return found


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("镁可能有帮助。", "Magnesium may help."),
        ("镁或许有帮助。", "Magnesium might help."),
        ("研究提示镁可能有帮助。", "Studies suggest that magnesium could help."),
        ("研究提示镁有帮助。", "Studies suggest that magnesium helps."),
        ("缺镁与失眠相关。", "Low magnesium is associated with poor sleep."),
        ("缺镁导致抽筋。", "Low magnesium causes cramps."),
        ("缺镁会引起抽筋。", "Low magnesium can cause cramps."),
        ("缺镁可能抽筋。", "Low magnesium can cause cramps."),
        ("试验证明镁有效。", "Trials prove that magnesium works."),
        ("尚未证实镁有效。", "That magnesium works has not been shown."),
        ("联合获益仍待证实。", "A joint benefit is unproven."),
        ("镁帮助放松。", "Magnesium helps you relax."),
        ("", "Magnesium may help."),
    ],
)
def test_equal_certainty_has_no_finding(chinese, english):
    assert _findings(chinese, english) == []


@pytest.mark.parametrize(
    ("chinese", "english", "words"),
    [
        ("镁有帮助。", "Magnesium may help.", "may"),
        ("镁可能有帮助。", "Magnesium helps.", "可能"),
        ("镁可能有帮助。", "Studies prove that magnesium helps.", "prove"),
        ("缺镁导致失眠。", "Low magnesium is associated with poor sleep.", "associated"),
        ("缺镁与失眠相关。", "Low magnesium causes poor sleep.", "相关"),
        ("研究提示镁有帮助。", "Magnesium helps.", "提示"),
        ("试验证明镁有效。", "Trials suggest that magnesium works.", "证明"),
        ("镁有效，已经证实。", "That magnesium works has not been shown.", "not been shown"),
    ],
)
def test_other_certainty_is_a_warning_that_names_the_words(chinese, english, words):
    (finding,) = _findings(chinese, english)
    assert summary([finding]) == [("hedge-differs", WARN, "Claim C7", 0)]
    assert words in finding.message
    assert finding.anchor == "unit-statement-C7-text"


def test_claims_that_only_one_language_states_are_not_compared():
    document = make_document(statements=(make_statement(claim="C1", text="It may help."),))
    other = make_document(statements=(make_statement(claim="C2", text="It helps."),))
    assert list(hedges_agree(document, other)) == []
