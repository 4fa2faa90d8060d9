"""Bytes of a text file -> text.

Big5 and GB18030 overlap: most bytes of one are also valid in the other and come out as rare characters. So every
encoding that decodes without an error is weighed by how common its characters are, and by the headers that we know.
"""

from __future__ import annotations

import codecs
from functools import cache

from xlcrm.problems import CannotDo, Problem
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import header_key

_SAMPLE_BYTES = 1 << 16
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EAST_ASIAN = ("gb18030", "cp950", "big5hkscs", "cp932")
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度"
    "家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心"
    "反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老"
    "头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世"
    "金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米"
    "這為個國來時們對會發動產種過經進著電里現實量兩體機當點從業應開還義樣與關線內數質氣變條結問無軍題黨總設長頭資邊級統較將組見計別論運農幾區強決戰則"
    "據處隊給門導壓爭濟階術極聯認權證轉單風場車務萬達積議聲報鬥類離華確張馬節話號戶稱訪客購額季縣市鎮鄉村街巷弄樓店商超餐廳飲食品煙酒茶便利批發零售雜貨"
    "号户称访购额县镇乡楼餐厅饮食烟酒茶便批零售杂货王李陈陳刘劉杨楊黄黃赵趙周吴吳徐孙孫朱胡郭何林罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭蔡潘田董袁余叶葉蒋蔣杜苏蘇魏"
    "吕呂丁沈姚卢盧姜崔钟鍾谭譚陆陸范汪廖石贾賈韦韋付方白邹鄒孟熊秦邱江尹薛阎段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵钱錢严嚴武戴莫孔向湯汤省州湖广廣苏浙"
    "代码碼编編联聯系繫络絡址话話態态负負责責客批次拜总計金退订訂日期备備注註等级合销銷進进量户戶數数"
)


def decode(data: bytes, file: str) -> str:
    """The text of a file. Raises CannotDo when the bytes are no text, or no encoding that we know fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, file)
    wide = _utf16_without_mark(data)
    if wide:
        return _decoded(data, wide, file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\0" in data[:_SAMPLE_BYTES]:
        raise CannotDo(Problem("not_text", file=file))
    for encoding in _ranked(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotDo(Problem("unknown_encoding", file=file))


def _decoded(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotDo(Problem("broken_encoding", file=file, details={"encoding": encoding.upper(), "position": error.start})) from None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 without a mark shows by its line ends, commas and digits: every other byte of them is zero."""
    sample = data[:_SAMPLE_BYTES]
    if len(data) < 4 or len(data) % 2 or b"\0" not in sample:
        return None
    sample = sample[: len(sample) // 2 * 2]
    zero_even, zero_odd = sample[0::2].count(0), sample[1::2].count(0)
    if zero_odd > 4 * zero_even:
        encoding = "utf-16-le"
    elif zero_even > 4 * zero_odd:
        encoding = "utf-16-be"
    else:
        return None
    try:
        text = sample.decode(encoding, errors="ignore")
    except UnicodeDecodeError:
        return None
    return encoding if any(sign in text for sign in "\r\n,;\t") else None


def _ranked(data: bytes) -> list[str]:
    """Encodings that fit the sample, best first; a Western one last, since it fits nearly anything."""
    sample = data[:_SAMPLE_BYTES]
    scores: dict[str, float] = {}
    for encoding in _EAST_ASIAN:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(sample, final=len(sample) == len(data))
        except UnicodeDecodeError:
            continue
        scores[encoding] = _commonness(text, encoding)
    good = sorted((encoding for encoding, score in scores.items() if score > 0), key=lambda encoding: -scores[encoding])
    return [*good, "cp1252", *(encoding for encoding in scores if encoding not in good)]


def _commonness(text: str, encoding: str) -> float:
    """How much a text looks like one that a person wrote, per character beyond ASCII; known headers weigh most."""
    beyond = [sign for sign in text if sign > "\x7f"]
    if not beyond:
        return 0.0
    points = 0.0
    for sign in beyond:
        if sign in _COMMON:
            points += 1.0
        elif "\u3040" <= sign <= "\u30ff":
            points += 1.0 if encoding == "cp932" else 0.2
        elif "\uff01" <= sign <= "\uff5e" or sign in "　、。《》（）“”‘’—…·￥":
            points += 0.5
        elif "\uff61" <= sign <= "\uff9f" or not "\u4e00" <= sign <= "\u9fff":
            points -= 1.0
        else:
            points += 0.4 if _first_level(sign, encoding) else -0.4
    known = sum(cell in _known_headers() for line in text.splitlines()[:10] for cell in _cells(line))
    return points / len(beyond) + 2.0 * known


def _cells(line: str) -> list[str]:
    for delimiter in ";\t|":
        line = line.replace(delimiter, ",")
    return [header_key(cell.strip('"')) for cell in line.split(",")]


def _first_level(sign: str, encoding: str) -> bool:
    """Whether the national standard counts the character among the frequent ones (they come first in its table)."""
    try:
        code = sign.encode("gb2312" if encoding == "gb18030" else encoding)
    except UnicodeEncodeError:
        return False
    if len(code) != 2:
        return False
    lead = code[0]
    if encoding == "gb18030":
        return 0xB0 <= lead <= 0xD7
    return 0xA4 <= lead <= 0xC6 if encoding in ("cp950", "big5hkscs") else 0x88 <= lead <= 0x97


@cache
def _known_headers() -> frozenset[str]:
    """All headers beyond ASCII that mean a column of ours."""
    names = {key for table in TABLES.values() for column in table.columns for key in column.header_keys}
    return frozenset(name for name in names if not name.isascii())
