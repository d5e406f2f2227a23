/** The console's one style sheet, inline so that a page is one request; its hash is what the page's policy allows. */

export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1d22;--soft:#5f6672;--line:#dfe2e8;--paper:#f6f7f9;--card:#fff;--accent:#0b5cad;
--good:#1a7f4b;--bad:#b3261e;--warn:#8a5a00;--bad-bg:#fdecea;--warn-bg:#fff5e0}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#9aa3b2;--line:#2c323c;--paper:#14171c;--card:#1c2027;
--accent:#7db7f5;--good:#63c794;--bad:#f29a92;--warn:#e5b765;--bad-bg:#3a1f1d;--warn-bg:#352a15}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--accent)}a:focus-visible,button:focus-visible,input:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;padding:.9rem 1.5rem;background:var(--card);
border-bottom:1px solid var(--line)}
header strong{font-size:1.1rem;letter-spacing:.01em}header nav{display:flex;flex-wrap:wrap;gap:.4rem 1.1rem;margin-left:auto;
align-items:center}header form{margin:0}
main{max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;margin:.2rem 0 1rem}h2{font-size:1.05rem;margin:2rem 0 .6rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:0;padding:0;list-style:none}
.tile{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}
.tile b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}.tile span{color:var(--soft)}
.tile.bad{background:var(--bad-bg);border-color:var(--bad)}.tile.warn{background:var(--warn-bg);border-color:var(--warn)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
table{border-collapse:collapse;width:100%;min-width:44rem}th,td{text-align:left;vertical-align:top;padding:.55rem .9rem;
border-bottom:1px solid var(--line)}th{color:var(--soft);font-weight:500;font-size:.85rem;white-space:nowrap}
tr:last-child td{border-bottom:0}td{overflow-wrap:anywhere}td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
.good{color:var(--good)}.bad-text{color:var(--bad)}.warn-text{color:var(--warn)}.soft{color:var(--soft);font-size:.9rem}
.empty{padding:1rem;color:var(--soft);margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.8rem;padding:1.6rem;max-width:30rem;margin:8vh auto}
.card h1{margin-top:0}label{display:block;font-weight:600;margin-bottom:.3rem}
input{width:100%;padding:.6rem .7rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.4rem}
button{font:inherit;padding:.45rem 1rem;border:1px solid var(--line);border-radius:.4rem;background:var(--card);color:inherit;
cursor:pointer}button.main{background:var(--accent);border-color:var(--accent);color:var(--paper);margin-top:1rem;font-weight:600}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,monospace}
`;
