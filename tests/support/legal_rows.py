"""Chinese legal advice: a seeded set, as training rows and as consultations with fields named in Chinese."""

from __future__ import annotations

import random

INSTRUCTIONS = "你是一名法律助理：\n- 回答要准确，并指出依据。\n- 不清楚的地方先问明白。\n- 必须有礼貌。"
SUBJECTS = ("劳动争议", "房屋租赁", "婚姻家庭", "交通事故", "民间借贷")

_CASES = {
    "劳动争议": (
        "公司拖欠{months}个月工资，一直说资金困难，我该怎么办？",
        "可以先向劳动监察部门投诉，也可以申请劳动仲裁，要求支付拖欠的{months}个月工资；逾期不付的，还可以主张赔偿金。",
        "没有签劳动合同也可以吗？",
        "可以。工资转账记录、工作证和同事的证言都能证明劳动关系。",
    ),
    "房屋租赁": (
        "租房合同还有{months}个月到期，房东突然要求搬走，押金{sum}元也不肯退，合法吗？",
        "不合法。合同期内房东单方解除属于违约，您可以要求继续履行，或者要求退还押金{sum}元并赔偿损失。",
        "口头约定的租期算数吗？",
        "六个月以上的租赁应当采用书面形式；没有书面合同又无法确定租期的，视为不定期租赁。",
    ),
    "婚姻家庭": (
        "分居{months}个月了，对方不同意离婚，法院会判离吗？",
        "第一次起诉时，如果没有法定的离婚情形，法院可能不予判决；因感情不和分居满二年的，调解无效应当准予离婚。",
        "孩子会判给谁？",
        "不满两周岁的一般由母亲直接抚养；已满八周岁的，应当尊重孩子的真实意愿。",
    ),
    "交通事故": (
        "对方全责，修车花了{sum}元，保险公司只肯赔一半，怎么处理？",
        "您可以要求保险公司说明定损依据；协商不成的，可以另行评估，并以肇事者和保险公司为被告起诉，主张{sum}元的修理费。",
        "误工费也能要吗？",
        "能。请准备医院的休息证明和{months}个月的收入证明。",
    ),
    "民间借贷": (
        "朋友借了{sum}元，只有微信聊天记录，{months}个月没还，能起诉吗？",
        "可以起诉。聊天记录和转账凭证可以作为证据，请保存原始载体，并尽快催告，以免超过三年的诉讼时效。",
        "利息怎么算？",
        "没有约定利息的视为没有利息；逾期之后可以主张资金占用的利息。",
    ),
}


def legal_rows(count: int = 40, seed: int = 7) -> list[dict[str, object]]:
    """Training rows, the same for the same seed; all of them healthy."""
    return [{"messages": [_said("system", INSTRUCTIONS), *talk]} for talk, _ in _talks(count, seed)]


def consultations(count: int = 40, seed: int = 7) -> list[dict[str, object]]:
    """The same talks as a list of pairs in each row, with what is known about them."""
    rows: list[dict[str, object]] = []
    for talk, subject in _talks(count, seed):
        pairs = [
            {"咨询者": asked["content"], "律师": answer["content"]}
            for asked, answer in zip(talk[::2], talk[1::2], strict=True)
        ]
        known = {"编号": f"咨-{len(rows) + 1:03}", "类别": subject, "评分": 3 + len(rows) % 3}
        rows.append({**known, "系统提示": INSTRUCTIONS, "对话": pairs, "来源": "" if len(rows) % 4 else "热线"})
    return rows


def _talks(count: int, seed: int) -> list[tuple[list[dict[str, str]], str]]:
    draw = random.Random(seed)
    talks = []
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        case = {"months": 2 + number, "sum": f"{1000 + 350 * number:,}"}
        first, answer, more, last = (text.format(**case) for text in _CASES[subject])
        talk = [_said("user", first), _said("assistant", answer)]
        if draw.random() < 0.4:
            talk += [_said("user", more), _said("assistant", last)]
        talks.append((talk, subject))
    return talks


def _said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}
