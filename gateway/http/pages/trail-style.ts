/** What only the page of a lot needs. */
export const TRAIL_STYLE = `
.status{display:flex;gap:.9rem;align-items:flex-start;border-radius:1rem;padding:1.1rem 1.15rem;margin-bottom:1rem;border:1px solid transparent}
.status .icon{width:2.1rem;height:2.1rem;stroke-width:2}
.status h2{margin:0;font-size:1.3rem}
.status p{margin-top:.25rem}
.status[data-state=match]{background:var(--leaf-wash);color:var(--leaf)}
.status[data-state=waiting]{background:var(--calm-wash);color:var(--calm)}
.status[data-state=certificate]{background:var(--nut-wash);color:var(--nut)}
.status[data-state=mismatch]{background:var(--red-wash);color:var(--red);border-color:var(--red)}
.status[data-state=recalled]{background:#a3211a;color:#fff}
.status[data-state=match] p,.status[data-state=waiting] p,.status[data-state=certificate] p,.status[data-state=mismatch] p{color:var(--ink)}
.status a{display:inline-flex;align-items:center;min-height:3.5rem;color:inherit;font-weight:600}
.status .by{font-size:.9375rem;opacity:.9;overflow-wrap:anywhere}
.over{color:var(--soft);font-size:.9375rem}
.lot{display:inline-block;margin:.9rem 0 .35rem;padding:.6rem 1rem;border:2px dashed var(--line);border-radius:.75rem;background:var(--paper)}
.lot b{display:block;font:700 1.75rem/1.2 ui-monospace,"Cascadia Mono","Roboto Mono",monospace;letter-spacing:.02em}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.7rem 1rem;margin-top:.9rem}
.facts dt{color:var(--soft);font-size:.9375rem}.facts dd{font-weight:600}.facts .none{font-weight:400;color:var(--soft)}.facts .id{white-space:nowrap;font-size:.9375rem}
.people li{display:flex;gap:.75rem;padding:.6rem 0}
.people li+li{border-top:1px solid var(--line)}
.people .icon{color:var(--leaf);margin-top:.15rem}
.bar{display:block;width:100%;height:1.15rem;border-radius:.6rem}
.bar .a0,.dot.a0{fill:var(--leaf);background:var(--leaf)}.bar .a1,.dot.a1{fill:var(--nut);background:var(--nut)}
.bar .a2,.dot.a2{fill:var(--calm);background:var(--calm)}.bar .a3,.dot.a3{fill:var(--soft);background:var(--soft)}
.origin{margin-top:.7rem}
.origin li{display:flex;align-items:baseline;gap:.6rem;padding:.2rem 0}
.dot{width:.8rem;height:.8rem;border-radius:50%;flex:none}
.origin b{font-size:1.25rem;white-space:nowrap}
.paper{display:flex;gap:.75rem;padding:.75rem 0}.paper+.paper{border-top:1px solid var(--line)}
.paper .icon{color:var(--leaf);margin-top:.15rem}.paper.bad .icon,.paper.bad .chip{color:var(--red)}
.paper.part .icon,.covers{color:var(--soft)}.covers{font-size:.9375rem;font-weight:600}
.chip{display:inline-flex;align-items:center;gap:.3rem;font-size:.9375rem;font-weight:600;color:var(--leaf)}
.chip .icon{width:1.1em;height:1.1em;stroke-width:2.4;margin:0}
.path{position:relative;padding-left:2.6rem}
.path li{position:relative;padding:0 0 1.15rem}
.path li::before{content:"";position:absolute;left:-1.65rem;top:1.9rem;bottom:-.15rem;width:2px;background:var(--line)}
.path li:last-child::before{display:none}
.journey:has([open])>.path{display:none}
.path .spot{position:absolute;left:-2.6rem;top:-.1rem;width:1.95rem;height:1.95rem;border-radius:50%;display:grid;place-items:center;background:var(--leaf-wash);color:var(--leaf)}
.path .spot .icon{width:1.2rem;height:1.2rem}
.path li.bad .spot{background:var(--red-wash);color:var(--red)}
.path .flow{font-variant-numeric:tabular-nums}
html[lang=en] .told:lang(vi)::before{content:"In Vietnamese: "}
html[lang=vi] .told:lang(en)::before{content:"Bằng tiếng Anh: "}
.told::before{font-style:italic}
.told{border-left:3px solid var(--line);padding-left:.7rem;margin-top:.25rem}
.misquote{display:flex;gap:.5rem;margin-top:.4rem;padding:.5rem .7rem;border-radius:.6rem;background:var(--red-wash);color:var(--red);font-weight:600}
.misquote .icon{margin-top:.1rem}
.mark{color:var(--red);font-weight:600;margin-top:.25rem}
.chart{width:100%;max-width:30rem;height:auto;display:block;margin-top:.6rem;font:11px system-ui,sans-serif}
.chart .line{fill:none;stroke:var(--leaf);stroke-width:1.8;stroke-linejoin:round}
.chart .limit{stroke:var(--nut);stroke-width:1.2;stroke-dasharray:5 4}
.chart .out{fill:var(--red-wash)}.chart .hot{fill:none;stroke:var(--red);stroke-width:2.4;stroke-linejoin:round}
.chart .quiet{fill:var(--calm-wash);stroke:var(--calm);stroke-dasharray:2 3}
.chart text{fill:var(--soft)}.chart .outText{fill:var(--red);font-weight:700}.chart .quietText{fill:var(--calm);font-weight:700}
.chart .axis{stroke:var(--line)}
.measure+.measure{margin-top:1.2rem;border-top:1px solid var(--line);padding-top:1.1rem}
.measure li{display:flex;gap:.5rem;margin-top:.35rem}
.measure .hotWords .icon{color:var(--red)}.measure .quietWords .icon{color:var(--calm)}.measure .fine .icon{color:var(--leaf)}
.questions{margin-top:1rem}
.questions>li{padding:.85rem 0;border-top:1px solid var(--line)}
.answer{display:flex;gap:.4rem;margin-top:.3rem;font-weight:600;font-size:.9375rem;color:var(--soft)}
.answer[data-state=holds]{color:var(--leaf)}.answer[data-state=fails]{color:var(--red)}.answer[data-state=unknown]{color:var(--nut)}
.answer .icon{width:1.3em;height:1.3em;stroke-width:2.4;margin-top:.1em}
.why{font-size:.9375rem}.why:empty{display:none}.raw{font-size:.875rem;color:var(--soft);overflow-wrap:anywhere}.raw summary{color:inherit;font-weight:400}.why li{padding:.25rem 0 0 1.65rem}
.not{background:var(--nut-wash);border-radius:.75rem;padding:.9rem 1rem;margin:1rem 0}
.not h3{color:var(--nut)}.not li{padding:.3rem 0 0 1.1rem;position:relative}
.not li::before{content:"–";position:absolute;left:0}
.references{margin-top:1rem}.references>div{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:.6rem;padding:.15rem 0}
@media(min-width:64rem){.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,25rem);gap:0 1.25rem;align-items:start}
.two .wide{grid-column:1/-1}.two .buttons .button{flex:1 1 100%}}
@media print{.status{border:2px solid #000;background:none!important;color:#000!important}details::details-content{content-visibility:visible;height:auto}}`;
