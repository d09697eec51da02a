"""Names that fields have in common data sets, by meaning; compared without case, blanks, dashes and underscores."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s_\-·:：]+")


def plain(name: str) -> str:
    """A name as it is compared: of a path its last key."""
    last = name.rsplit(".", 1)[-1].split("[", 1)[0]
    return _SEPARATORS.sub("", last).casefold()


def _names(text: str) -> frozenset[str]:
    return frozenset(plain(word) for word in text.split())


INSTRUCTION = _names("instruction instruct instructions task 指令 任务 指示")
INPUT = _names("input context 输入 上下文 背景 材料 背景信息")
OUTPUT = _names("output response answer completion 输出 回答 响应 答案")
QUESTION = _names(
    "question questions query prompt q ask problem input instruction user human request user_input user_message "
    "user_query question_text inputs 问题 提问 问 题目 咨询 咨询内容 咨询问题 用户 用户输入 用户问题 用户提问 输入 "
    "指令 问句 咨询者 提问者 问题描述 標題問題 問題 提問"
)
ANSWER = _names(
    "answer answers response responses reply a output outputs completion assistant bot target targets gpt "
    "bot_response model_output answer_text best_answer solution 答案 回答 答复 回复 输出 答 助手 解答 答句 律师回答 "
    "医生回答 客服回复 助手回答 标准答案 参考答案 最佳答案 回覆 答覆"
)
SYSTEM = _names(
    "system system_prompt system_message sys meta_instruction system_instruction 系统 系统提示 系统提示词 系统指令 系統"
)
CHOSEN = _names(
    "chosen preferred preferred_output better chosen_response response_chosen 优选 更好的回答 较好回答 好回答 正例"
)
REJECTED = _names(
    "rejected non_preferred non_preferred_output worse rejected_response response_rejected "
    "劣选 更差的回答 较差回答 坏回答 负例"
)
TEXT = _names("text content document body 文本 内容 正文 全文")
HISTORY = _names("history 历史 对话历史")
TOOLS = _names("tools functions 工具")
SPEAKER_KEYS = _names("role from speaker author sender who 角色 说话人 发言人")
SPOKEN_KEYS = _names("content value text message utterance body said 内容 文本 发言")
