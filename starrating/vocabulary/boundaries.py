"""What is said where a file of boundaries is refused; `starrating.errors` joins it to all other refusals."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _l

BOUNDARY_REFUSALS: Mapping[str, tuple[int, str]] = {
    "boundaries.large": (422, _l("区界文件超过{most} MB，没有导入，原来的照旧。请换一份比例尺小一些的。")),
    "boundaries.json": (422, _l("区界文件不是完整的JSON，没有导入，原来的照旧。请重新导出为GeoJSON，编码用UTF-8。")),
    "boundaries.collection": (
        422,
        _l("区界文件不是GeoJSON的FeatureCollection，没有导入，原来的照旧。请重新导出。"),
    ),
    "boundaries.approval": (
        422,
        _l("审图号不对，没有导入，原来的照旧。请照地图上印的原样写，如“GS(2026)0001号”的样子。"),
    ),
    "boundaries.features": (
        422,
        _l("区界文件里没有区，或者多于{most}个，没有导入，原来的照旧。请只导出本市的区。"),
    ),
    "boundaries.code": (
        422,
        _l("区界文件第{number}个区的属性{name}里没有6至12位的区划代码，没有导入，原来的照旧。请补上。"),
    ),
    "boundaries.twice": (
        422,
        _l("区界文件第{number}个区的代码{known}前面已经有了，没有导入，原来的照旧。分成几块的区请合成一个。"),
    ),
    "boundaries.unknown": (
        422,
        _l("区界文件里有{count}个代码不是库里的区：{codes}。没有导入，原来的照旧。请改对代码，或只导出本市的区。"),
    ),
    "boundaries.geometry": (
        422,
        _l("区界文件第{number}个区不是面（Polygon或MultiPolygon），没有导入，原来的照旧。请重新导出。"),
    ),
    "boundaries.ring": (
        422,
        _l("区界文件第{number}个区有一圈没有闭合、不足四个点或者没有面积，没有导入，原来的照旧。请修好再导出。"),
    ),
    "boundaries.position": (
        422,
        _l("区界文件第{number}个区有一点不是国内经度在前、纬度在后的度数，没有导入，原来的照旧。请按经纬度重新导出。"),
    ),
    "boundaries.points": (422, _l("区界文件多于{most}个点，没有导入，原来的照旧。请换一份比例尺小一些的。")),
}
"""The status and the sentence of every refusal of a file of boundaries."""
