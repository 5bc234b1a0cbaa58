"""The places of a picture that show a number: what each says in words, for whoever points at it or hears it."""

from __future__ import annotations

from starrating.charts import boundary_map, distribution, flow, heat, history, multiples, progress, tile_map
from starrating.charts.chart import Chart
from starrating.charts.sheet import Spot
from starrating.wording.language import translate


def said(chart: Chart, spot: Spot) -> str:
    """The number of a place with what it counts: `北辰区：五星45个`."""
    if spot.row < 0:
        return spot.text
    row, head = chart.table.rows[spot.row], chart.table.header[spot.column]
    number = row[spot.column]
    match chart.name:
        case flow.NAME:
            sentence = translate("{before}年{start}到{after}年{end}{units}个")
            return sentence.format(before=row[0], after=row[1], start=row[2], end=row[3], units=number)
        case multiples.NAME:
            sentence = translate("{place}{year}年度：{level}{count}个")
            return sentence.format(place=row[0], year=row[1], level=head, count=number)
        case distribution.NAME:
            sentence = translate("总分{start}到不满{end}：{level}{count}个")
            return sentence.format(start=row[0], end=row[1], level=head, count=number)
        case heat.NAME:
            sentence = translate("{place}：{indicator}得分占满分的{share}%")
            return sentence.format(place=row[0], indicator=head, share=number)
        case tile_map.NAME | boundary_map.NAME:
            sentence = translate("{place}{share}%（{part}/{whole}）")
            return sentence.format(place=row[0], share=row[3], part=row[1], whole=row[2])
        case progress.NAME:
            sentence = translate("{place}：填了{done}/{of}格，还有{left}格")
            return sentence.format(place=row[0], done=row[1], of=row[2], left=number)
        case history.NAME:
            return translate("{year}年度{star}，{total}分").format(year=row[0], star=row[1], total=number)
    return translate("{place}：{level}{count}个").format(place=row[0], level=head, count=number)
