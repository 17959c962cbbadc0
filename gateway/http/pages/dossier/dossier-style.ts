/** What only a dossier needs, on screen and on A4. */
export const DOSSIER_STYLE = `
.wrap{max-width:54rem}.buttons+.small{margin-top:.6rem}
.title{display:flex;gap:1.5rem;justify-content:space-between;align-items:flex-start;flex-wrap:wrap}
.title>div{flex:1 1 20rem}
.qr{width:11rem;text-align:center}.qr svg{display:block;width:100%;background:#fff;padding:.6rem;border-radius:.5rem}
.qr figcaption{margin-top:.4rem;font-size:.8125rem;line-height:1.3}
.dossier .facts{grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))}
.parties li+li{margin-top:.5rem}
.wide-table{overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:36rem;font-size:.9375rem;font-variant-numeric:tabular-nums}
th{text-align:left;color:var(--soft);font-weight:600}
th,td{padding:.5rem .6rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}
@media screen and (max-width:40rem){table{min-width:0}table,tbody,tr,td{display:block}thead{position:absolute;left:-99rem}
tr{padding:.6rem 0;border-top:1px solid var(--line)}
td{display:grid;grid-template-columns:5.5rem minmax(0,1fr);gap:.6rem;padding:.2rem 0;border:0}
td::before{content:attr(data-name);color:var(--soft);font-weight:600}}
.ask{border:1px solid var(--line);border-radius:.75rem;padding:1rem;background:var(--paper)}
.ask h3{margin:.9rem 0 .4rem}.ask label{display:grid;gap:.35rem;font-size:.9375rem;color:var(--soft)}
.ask textarea,.ask input{font:inherit;width:100%;padding:.5rem .7rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--card);color:var(--ink)}
.ask .button{margin-top:.6rem}
@page{size:A4;margin:14mm}
@media print{table{min-width:0}.dossier{max-width:none}.card{border:0;border-top:1px solid #999;padding:.5rem 0;margin:0 0 .5rem}
.title{border:0;flex-wrap:nowrap}.qr{width:34mm}.status{padding:.4rem .6rem}h1{font-size:18pt}h2{font-size:12pt;margin-bottom:.25rem}
.path li{padding-bottom:.4rem}.chart{max-width:110mm}details>summary{display:none}.wide-table{overflow:visible}}`;
