from pathlib import Path

import pytest

from quizgrad import Bank, check

BANK = Bank([Path(__file__).parent.parent])


@pytest.mark.parametrize("level", BANK["{{ topic }}/{{ name }}"].question.levels())
def test_{{ name }}_keeps_the_contract(level: int) -> None:
    assert check(BANK["{{ topic }}/{{ name }}"], level, instances=50).failures == []
