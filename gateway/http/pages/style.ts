/** The look of every page: system fonts, no image to fetch, light and dark, phone first, and fit for paper. */
const COLOURS = `
:root{color-scheme:light dark;
--paper:#faf6ee;--card:#fffdf9;--ink:#23291f;--soft:#5a6153;--line:#e3dccb;--leaf:#1d6a3a;--leaf-wash:#e4f1e5;
--nut:#9a4d12;--nut-wash:#fbeedd;--red:#a3211a;--red-wash:#fde8e5;--calm:#37597a;--calm-wash:#e7eff7;--on-leaf:#fff}
@media(prefers-color-scheme:dark){:root{
--paper:#141914;--card:#1c231c;--ink:#edf1e6;--soft:#a9b3a2;--line:#344033;--leaf:#8ed4a4;--leaf-wash:#1b3324;
--nut:#f0bd80;--nut-wash:#3a2a14;--red:#ffb3a8;--red-wash:#4b1d18;--calm:#abcbea;--calm-wash:#1d2c3b;--on-leaf:#0d1a11}}`;

const FRAME = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}*{animation:none!important}}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
a{color:var(--leaf);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--leaf);outline-offset:3px;border-radius:4px}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:1.25rem;line-height:1.3;margin-bottom:.75rem}
h3{font-size:1.0625rem;line-height:1.35}
small,.small{font-size:.9375rem;color:var(--soft)}
.icon{width:1.4em;height:1.4em;flex:none;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.logo{width:2rem;height:2rem;fill:none;stroke:var(--on-leaf);stroke-width:2.2;stroke-linecap:round}
.logo rect{fill:var(--leaf);stroke:none}.logo circle{fill:var(--on-leaf);stroke:none}
.wrap{max-width:68rem;margin:0 auto;padding:0 1rem}
.top{display:flex;align-items:center;justify-content:space-between;gap:1rem;padding-top:.75rem;padding-bottom:.75rem}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:700;color:var(--ink);text-decoration:none;min-height:3.5rem}
.languages{display:flex;border:1px solid var(--line);border-radius:999px;background:var(--card);overflow:hidden}
.languages button{border:0;background:none;font:inherit;cursor:pointer}
.languages a,.languages button{white-space:nowrap;padding:.95rem .9rem;min-height:3.5rem;font-size:.9375rem;text-decoration:none;color:var(--soft)}
.languages [aria-current]{background:var(--leaf-wash);color:var(--leaf);font-weight:600}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.6rem;z-index:1}
.card>p+p{margin-top:.6rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.15rem;margin-bottom:1rem}
.foot{padding-top:1rem;padding-bottom:2.5rem;color:var(--soft);font-size:.9375rem}
.foot p+p{margin-top:.35rem}
.button{display:inline-flex;align-items:center;justify-content:center;gap:.5rem;min-height:3.5rem;padding:.6rem 1.1rem;border-radius:.75rem;border:1px solid var(--leaf);background:none;color:var(--leaf);font:inherit;font-weight:600;text-decoration:none;cursor:pointer;text-align:center}
.button.main{background:var(--leaf);color:var(--on-leaf)}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:.9rem}
@media(max-width:40rem){.buttons .button{flex:1 1 100%}}
code{font:.9375em/1.5 ui-monospace,"Cascadia Mono","Roboto Mono",monospace;overflow-wrap:anywhere}
code.block{display:block;background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .75rem;margin-top:.5rem}
summary{cursor:pointer;color:var(--leaf);font-weight:600;min-height:3.5rem;padding:.9rem 0}
@media print{
:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#bbb;color-scheme:light}
html{font-size:9.5pt}.foot,.languages,.skip,.buttons,.no-print{display:none!important}
.card{border-radius:0}h2,h3{break-after:avoid}li,article,tr,figure,.measure,.not{break-inside:avoid}.top{padding-top:0}}`;

export const BASE_STYLE: string = COLOURS + FRAME;
