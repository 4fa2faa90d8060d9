"""The words that carry a judgement in feedback of distributors' customers, English and Chinese (simplified; traditional is mapped onto it).

One weight each: 1 is mild, 2 is strong. Phrases are matched before words, longer ones first.
"""

from __future__ import annotations

POSITIVE = {
    1: """
        good nice fine ok okay well fast quick quickly prompt promptly punctual reliable friendly helpful polite kind patient happy pleased
        satisfied like liked likes fresh clean easy convenient cheap cheaper affordable fair reasonable improved improves improving
        improvement
        better recommend recommended useful clear professional careful responsive thanks thank thankful grateful appreciate appreciated
        smooth smoothly tasty stable accurate competent trust trusted welcome generous flexible positive
        popular quality worth pleasant attentive efficient glad complete "on time" "in time" "no problem" "no problems" "no complaints"
        "no complaint" "no issues" "sells well" "selling well" "well packed" "in stock" "value for money" "keep it up" "well done"
        "sold out" "no delay" "no delays" "not bad" "no trouble"
        好 不错 还行 快 及时 准时 满意 热情 耐心 方便 新鲜 干净 便宜 实惠 划算 合理 公道 改善 改进 进步 推荐 有用 清楚 专业 细心 周到 感谢
        谢谢 多谢 顺利 好吃 稳定 解决了 解决得 正确 信任 放心 靠谱 欢迎 灵活 好卖 畅销 热销 值得 愉快 高效 齐全 完好 没问题
        没有问题 没毛病 负责
        到位 省心 认真 喜欢 友好 礼貌 客气 支持 放心 走得快 卖得快 很快 价格低 按时 守信 贴心 舒服 诚信 顺畅 老实 够意思 没话说
        没得说 好评 回头客多
    """,
    2: """
        excellent great perfect perfectly outstanding amazing wonderful fantastic superb love loved loves best brilliant awesome delighted
        impressed exceptional solved resolved fixed "very good" "highly recommend" "thumbs up" "first class" "top notch" "second to none"
        "never had a problem" "never had any problem" "never had any problems" "nothing to complain"
        太好了 非常好 优秀 完美 棒 极好 一流 出色 赞 最好 超赞 惊喜 无可挑剔 挑不出毛病 从没出过问题 从来没出过问题 顶呱呱 真不错
    """,
}
NEGATIVE = {
    1: """
        bad slow slowly late delay delayed delays expensive costly pricey dirty rude broken damaged damage wrong missing difficult hard
        confusing confused unclear unhappy dissatisfied disappointed disappointing poor poorly worse problem problems issue issues complaint
        complain complains complained complaints short shortage shortages error errors mistake mistakes fail failed fails failure unreliable
        unfriendly unhelpful careless stale expired expiring dented leaking leaked leaks sloppy ignored ignore unanswered
        overpriced overcharged
        impolite annoyed annoying annoys upset lost mess messy trouble troubles inconvenient inaccurate unprofessional cancel
        cancelled cancels
        refund unfair unsold slower dearer weak waited waiting lack lacks lacking forgot forgotten forgets returned
        "out of stock" "too long" "too high" "too much" "too few" "too many" "too small" "no reply" "no answer" "no response"
        "no one" nobody
        "not enough" "sells badly" "does not sell" "doesn't sell" "hard to sell" "price rise" "price increase" "went up" "no longer"
        "could be better" "switch to" "switching to" "switched to" "looking for another" "running out" "ran out" "short of" "never again"
        差 慢 迟 迟到 快过期 快到期 晚 晚了 晚到 拖 拖延 延误 耽误 贵 偏高 太高 高了 脏 破 破损 坏 损坏 错 错了 送错 发错 少了 缺
        缺货 断货 漏 漏发 难 麻烦 不便 不清楚
        失望 问题 投诉 抱怨 意见大 短缺 失误 过期 临期 变质 发霉 漏液 没人 无人 没回 不回 不理 敷衍 推诿 推脱 粗心 不耐烦 冷淡 不满
        生气 无奈
        不好 不行 卖不动 滞销 积压 压货 难卖 退货 退款 涨价 又涨 不够 不足 太少 太久 不及时 不准时 等了 催 没解决 没有解决 不专业
        不合理 不公平 不方便
        换供应商 换别家 换一家 别家便宜 不再 乱 假货 瑕疵 缺斤少两 态度差 不如 忘了 没到 没来 没有来 取消 难吃 联系不上 打不通
        不新鲜 不舒服 受潮 压坏 漏气
    """,
    2: """
        terrible awful horrible worst unacceptable useless disgusting hate hated furious angry disaster nightmare pathetic ridiculous
        cheated scam dishonest lied rotten mouldy moldy "fed up" "very bad" "never had such" "never buy" "never order"
        "waste of time" "waste of money"
        太差 极差 糟糕 糟透 垃圾 气愤 愤怒 骗 骗人 欺骗 恶劣 无法接受 不能接受 忍无可忍 再也不 坑人 坑 最差 差劲 离谱 受不了 恶心
        糟 差评 不负责 不负责任
    """,
}
NEUTRAL = """
    "no longer than" "as usual" "at the latest" "best before" "not sure" "late afternoon" "late shift" "hard drinks" "hard copy"
    "lost and found" "best time" "well as"
    "good morning" "good afternoon" "kind of" "what kind" "kind regards" "short visit" "in short"
    好像 好几 最好下 最好在 最好能 早晚 晚上 今晚 晚班 晚饭 难道 不错过 问题是 快到 快递 快要 赶快 尽快 凉快 快餐 好的 你好 您好
    问好 只好 好久 坏账 慢慢 错开 漏斗 晚点联系
    别家 别人 别的 多少了 减少了 缺口 催化 乱序 破例 拖车 破产 不用谢 有没有问题 没有意见
"""
"""Phrases that hold one of the words and judge nothing."""
NEGATIONS = """
    not no never n't cannot can't don't doesn't didn't isn't wasn't aren't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't
    without hardly barely rarely neither nor nothing
    不 没 没有 无 未 别 从未 从不 并不 毫无 不是 不太 不怎么 不会 不曾 从没 从来没 从来没有 谈不上 算不上 称不上 不算
"""
DEGREES = {
    1.5: """
        very really so extremely highly totally absolutely always much quite super truly completely every far especially
        很 非常 特别 十分 极 极其 太 超 超级 真 真的 相当 总是 一直 老是 经常 完全 更 最 尤其 实在 好多 不少
    """,
    0.6: """
        slightly somewhat bit little fairly rather sometimes partly occasionally
        有点 有点儿 稍 稍微 略 比较 还算 偶尔 有时 有些
    """,
}
CONTRASTS = """
    but however though although yet except unfortunately
    但 但是 不过 可是 然而 只是 就是 可惜 却 除了
"""
TRADITIONAL = dict(
    zip(
        "錯還時準滿熱淨劃進薦專業細謝順穩決確歡靈賣暢銷熱愉齊負責到認真歡禮氣極優顯壞遲誤貴髒損發缺貨斷難煩便補問題訴過變質黴無敷諉漲夠雜亂騙惡這個們們說換間舒態別務從來價應幾點見員處讚聯繫實惠減電話車隊總複雜",
        "错还时准满热净划进荐专业细谢顺稳决确欢灵卖畅销热愉齐负责到认真欢礼气极优显坏迟误贵脏损发缺货断难烦便补问题诉过变质霉无敷诿涨够杂乱骗恶这个们们说换间舒态别务从来价应几点见员处赞联系实惠减电话车队总复杂",
        strict=True,
    )
)
"""Traditional characters of the words above and of what stands around them, as simplified ones."""
