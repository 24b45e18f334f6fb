"""The desk's one style sheet: the colours of the public pages, on the width of an office screen."""

STYLE = """
*{box-sizing:border-box}
html{font:16px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
body{margin:0;background:#F6F4EF;color:#17212B;overflow-wrap:anywhere}
a{color:#0B4A82}
header{display:flex;flex-wrap:wrap;align-items:center;gap:4px 28px;padding:0 28px;min-height:64px;background:#07335B;
color:#FFFFFF}
header .name{margin:0;font-size:1.2rem;font-weight:700;letter-spacing:.06em}
nav{display:flex;flex-wrap:wrap;flex:1;align-self:stretch;gap:4px}
nav a{display:flex;align-items:center;min-height:44px;padding:0 18px;color:#DCE8F3;text-decoration:none;
border-bottom:4px solid transparent;border-top:4px solid transparent}
nav a:hover{background:#0B4A82;color:#FFFFFF}
nav a[aria-current]{color:#FFFFFF;font-weight:700;border-bottom-color:#FFC400}
.who{display:flex;align-items:center;gap:16px;margin:0}
.who small{padding:2px 8px;border-radius:4px;background:#0B4A82;color:#FFFFFF}
main{max-width:76rem;margin:0 auto;padding:20px 28px 56px}
main.narrow{max-width:30rem;padding-top:8vh}
.narrow>.card{padding:28px 32px 32px}
h1{font-size:1.55rem;line-height:1.35;margin:4px 0 16px}
h2{font-size:1.1rem;margin:0 0 10px}
p,ul{margin:8px 0}
small,.hint{font-size:.9rem;color:#424C56;font-weight:400}
:focus-visible{outline:4px solid #FFC400;outline-offset:2px}
.card{margin:0 0 20px;padding:20px 24px;background:#FFFFFF;border:1px solid #D6D2C7;border-radius:12px}
.training{margin:0 0 16px;padding:6px 16px;border:2px dashed #17212B;background:#FFFFFF;font-weight:700;
text-align:center}
.notice{margin:0 0 16px;padding:14px 20px;border-radius:12px;border:2px solid #0B4A82;background:#E4EDF5;color:#07335B}
.notice h2{margin:0}
.notice p{margin:2px 0 0}
.notice.good{border-color:#0B5A35;background:#E3F1E9;color:#0B4A2C}
.notice.doubt{border-color:#743B00;border-style:dashed;background:#FFF6E6;color:#5C2F00}
button,a.way{display:inline-flex;align-items:center;justify-content:center;min-height:44px;padding:0 22px;
border:2px solid #0B4A82;border-radius:10px;background:#0B4A82;color:#FFFFFF;font:inherit;font-weight:700;
text-decoration:none;cursor:pointer}
button:hover{background:#07335B}
button.second,a.way{background:#FFFFFF;color:#0B4A82}
button.second:hover,a.way:hover{background:#E4EDF5}
button.quiet{min-height:40px;padding:0 14px;border:1px solid #8FB0CC;background:transparent;color:#FFFFFF;
font-weight:400}
label{display:block;margin:14px 0 4px;font-weight:700}
input,select{width:100%;min-height:46px;padding:0 12px;border:2px solid #6F7780;border-radius:10px;background:#FFFFFF;
color:#17212B;font:inherit}
.narrow button{width:100%;margin-top:24px}
.tabs{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 16px}
.tabs a{display:inline-flex;align-items:center;gap:8px;min-height:44px;padding:0 16px;border:1px solid #B9B4A6;
border-radius:22px;background:#FFFFFF;color:#17212B;text-decoration:none}
.tabs a[aria-current]{border:2px solid #0B4A82;background:#E4EDF5;color:#07335B;font-weight:700}
.tabs b{min-width:26px;padding:0 8px;border-radius:13px;background:#EAE6DB;text-align:center;font-size:.9rem;
font-variant-numeric:tabular-nums}
.tabs a[aria-current] b{background:#0B4A82;color:#FFFFFF}
.find{display:flex;gap:8px;margin:0 0 16px}
.find input{flex:1;max-width:26rem}
table{width:100%;border-collapse:separate;border-spacing:0;background:#FFFFFF;border:1px solid #D6D2C7;
border-radius:12px;overflow:hidden}
th,td{padding:12px 16px;text-align:left;vertical-align:middle;border-bottom:1px solid #E6E2D8}
th{background:#EFEBE1;color:#424C56;font-size:.9rem;white-space:nowrap}
tr:last-child td{border-bottom:0}
tbody tr:hover td{background:#F9F8F4}
td.number,.number{font-variant-numeric:tabular-nums;white-space:nowrap}
td a.open{display:inline-flex;align-items:center;min-height:44px;font-weight:700;white-space:nowrap}
.tag{display:inline-block;padding:2px 10px;border-radius:6px;background:#EAE6DB;white-space:nowrap}
.tag.soon{background:#FFF0D1;color:#5C2F00;font-weight:700}
.tag.red{background:#8E1620;color:#FFFFFF;font-weight:700}
.tag.good{background:#E3F1E9;color:#0B4A2C}
.tag.blue{background:#E4EDF5;color:#07335B}
.pages{display:flex;align-items:center;gap:16px;margin:16px 0}
.empty{padding:56px 24px;text-align:center}
.empty svg{display:block;width:72px;height:72px;margin:0 auto 12px}
.columns{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:20px;align-items:start}
.faces{display:grid;grid-template-columns:1fr 1fr;gap:20px;margin:0}
figure{margin:0}
figure img{display:block;width:100%;height:360px;object-fit:contain;border-radius:10px;background:#2B333B}
figure .none{display:flex;align-items:center;justify-content:center;height:360px;padding:24px;border:2px dashed #B9B4A6;
border-radius:10px;background:#F6F4EF;color:#424C56;text-align:center}
figcaption{padding:8px 0 0;font-weight:700}
figcaption small{display:block}
dl{margin:0}
dl div{display:flex;gap:16px;padding:8px 0;border-bottom:1px solid #E6E2D8}
dl div:last-child{border:0}
dt{flex:0 0 8rem;color:#424C56}
dd{margin:0;font-weight:700;font-variant-numeric:tabular-nums}
.choice{margin:0 0 16px;padding:0 0 16px;border-bottom:1px solid #E6E2D8}
.choice:last-child{margin:0;padding:0;border:0}
.choice h2{margin:0}
.choice p{margin:2px 0 10px;color:#424C56;font-size:.95rem}
.choice .row{display:flex;gap:10px}
.choice select{flex:1}
.choice button{flex:none}
.history{margin:0;padding:0;list-style:none}
.history li{display:flex;gap:16px;padding:6px 0;border-bottom:1px solid #E6E2D8}
.history li:last-child{border:0}
.history time{flex:0 0 10.5rem;color:#424C56;font-variant-numeric:tabular-nums}
.bar{position:relative;height:12px;margin:8px 0 4px;border-radius:6px;background:#EAE6DB}
@media (max-width:60rem){.columns{grid-template-columns:minmax(0,1fr)}figure img,figure .none{height:260px}
header,main{padding-left:16px;padding-right:16px}table{display:block;overflow-x:auto}}
"""
