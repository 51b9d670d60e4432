"""The first list of words that no text may use of a product. Editors keep it from then on.

General words of advertising and food-supplement rules; no particular law is cited.
"""

from django.db import migrations

_CURE_ZH = "食品和膳食补充剂不是药品，不能说能治好疾病。"
_TREAT_ZH = "只有药品和医疗才谈治疗；产品旁边请只写成分和用法。"
_EFFECT_ZH = "“疗效”一类的词是药品用语，补充剂的宣传不能用。"
_PREVENT_ZH = "不能说产品能预防疾病；可以写它含有什么营养素。"
_ABSOLUTE_ZH = "绝对化的保证没有证据可以支持，各地广告规则一般都不允许。"
_MEDICINE_ZH = "把补充剂说成药物或药物的替代，读者可能因此停药。"
_PROOF_ZH = "产品本身没有做过的试验，不能借来作宣传；证据请写在正文里并标明等级。"
_SAFE_ZH = "没有对人人都安全的产品；请写清谁应该先问医生。"

_CURE_EN = "Foods and supplements are not medicines: no text may say that one cures a disease."
_TREAT_EN = (
    "Only medicines and care treat; beside a product, write what it contains and how to use it."
)
_EFFECT_EN = "This is the language of medicines, which rules for supplements do not allow."
_PREVENT_EN = "A product cannot be said to prevent a disease; say which nutrients it contains."
_ABSOLUTE_EN = (
    "No evidence supports an absolute promise, and rules for advertising rarely allow one."
)
_MEDICINE_EN = "A reader who takes a supplement for a medicine may stop the medicine."
_PROOF_EN = (
    "Trials of something else do not prove a product; give evidence in the text, with its grade."
)
_SAFE_EN = "No product is safe for everybody; say who should ask a doctor first."

PHRASES = [
    *(
        ("zh-hans", phrase, _CURE_ZH)
        for phrase in ("治愈", "根治", "治好", "痊愈", "康复如初", "断根", "除根", "彻底解决")
    ),
    *(
        ("zh-hans", phrase, _TREAT_ZH)
        for phrase in (
            "治疗",
            "医治",
            "主治",
            "诊治",
            "对症",
            "消炎",
            "止痛",
            "镇痛",
            "降压",
            "降糖",
        )
    ),
    *(
        ("zh-hans", phrase, _EFFECT_ZH)
        for phrase in ("疗效", "特效", "奇效", "神效", "功效显著", "有效率", "治愈率", "疗程")
    ),
    *(
        ("zh-hans", phrase, _PREVENT_ZH)
        for phrase in ("防癌", "抗癌", "防治", "预防疾病", "抗病毒", "抗肿瘤", "抑制肿瘤")
    ),
    *(
        ("zh-hans", phrase, _ABSOLUTE_ZH)
        for phrase in (
            "包治",
            "百病",
            "药到病除",
            "立竿见影",
            "一吃就好",
            "保证有效",
            "无效退款",
            "神奇",
            "奇迹",
            "灵丹妙药",
            "永不复发",
        )
    ),
    *(
        ("zh-hans", phrase, _MEDICINE_ZH)
        for phrase in ("良药", "神药", "特效药", "替代药物", "代替药物", "无需吃药", "秘方", "偏方")
    ),
    *(
        ("zh-hans", phrase, _PROOF_ZH)
        for phrase in ("临床证实", "临床证明", "临床验证", "医生推荐", "专家推荐")
    ),
    *(("zh-hans", phrase, _SAFE_ZH) for phrase in ("无副作用", "没有副作用", "零风险", "绝对安全")),
    *(("en", phrase, _CURE_EN) for phrase in ("cure", "heal", "get rid of", "reverse disease")),
    *(
        ("en", phrase, _TREAT_EN)
        for phrase in ("treat", "treatment", "therapy", "painkiller", "relieve", "alleviate")
    ),
    *(
        ("en", phrase, _EFFECT_EN)
        for phrase in ("remedy", "therapeutic", "medicinal", "healing power", "course of treatment")
    ),
    *(
        ("en", phrase, _PREVENT_EN)
        for phrase in (
            "prevent disease",
            "disease prevention",
            "prevent cancer",
            "anticancer",
            "anti-cancer",
            "fight cancer",
            "kill viruses",
        )
    ),
    *(
        ("en", phrase, _ABSOLUTE_EN)
        for phrase in (
            "miracle",
            "magic bullet",
            "wonder drug",
            "cure-all",
            "guaranteed to work",
            "works instantly",
            "never comes back",
        )
    ),
    *(
        ("en", phrase, _MEDICINE_EN)
        for phrase in (
            "instead of medicine",
            "replace your medicine",
            "natural alternative to drugs",
        )
    ),
    *(
        ("en", phrase, _PROOF_EN)
        for phrase in ("clinically proven", "scientifically proven", "doctor recommended")
    ),
    *(
        ("en", phrase, _SAFE_EN)
        for phrase in ("no side effects", "without side effects", "risk-free", "completely safe")
    ),
]


def fill_list(apps, schema_editor):
    ForbiddenPhrase = apps.get_model("articles", "ForbiddenPhrase")
    for language, phrase, note in PHRASES:
        ForbiddenPhrase.objects.get_or_create(
            language=language, phrase=phrase, defaults={"note": note}
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_roles")]
    operations = [migrations.RunPython(fill_list, migrations.RunPython.noop)]
