"""Makes pyfixest.csv: pyfixest's logit and Poisson models with absorbed practices on both panels, for
the convention `fixest-0.13` outside the linear family (families.py has that one).

Run as `python pyfixest_glm.py` in this folder, after make.py and r.R; the version is the first line of the
file. Tolerances are tight: with its default pyfixest stops before its errors have settled.
"""
import warnings, numpy as np, pandas as pd, pyfixest as pf
warnings.simplefilter("ignore")

out = []
for name, d in (("p50", pd.concat([pd.read_csv("data.csv"), pd.read_csv("counts.csv")], axis=1)), ("p500", pd.read_csv("panel500.csv"))):
    d["place"] = (d.practice * 7 + d.wave * 3) % 29
    right = "exposure + C(wave) + C(age, contr.treatment(base=1)) + C(gender) | practice"
    for family in ("logit", "poisson"):
        for kind, vcov in (("iid", "iid"), ("hc", "hetero"), ("cluster", {"CRV1": "cluster"}),
                           ("nested", {"CRV1": "practice"}), ("twoway", {"CRV1": "cluster + place"})):
            if family == "poisson":
                f = pf.fepois(f"count ~ {right}", d, vcov=vcov, offset="offset", iwls_tol=1e-14, fixef_tol=1e-13)
            else:
                f = pf.feglm(f"y ~ {right}", d, family="logit", vcov=vcov, iwls_tol=1e-14, fixef_tol=1e-13)
            t = f.tidy().loc["exposure"]
            model = f"{name}_{family}"
            out.append((model, kind, t["Estimate"], t["Std. Error"], t.iloc[3], f._N))
with open("pyfixest.csv", "w") as file:
    file.write(f"# pyfixest {pf.__version__}\nmodel,kind,coefficient,std_error,p_value,responses\n")
    for model, kind, *values, n in out:
        file.write(f"{model},{kind}," + ",".join(f"{v:.17g}" for v in values) + f",{n}\n")
