"""The A&E study of studies/ae-attendances.yaml from the public files, by pandas and statsmodels alone: ae.csv.

Run as `python ae.py FOLDER > ae.csv`, FOLDER being that of the NHS files; versions stand in the first line.
"""
import sys, platform
from pathlib import Path
import numpy as np, pandas as pd, statsmodels, statsmodels.api as sm

root = Path(sys.argv[1])
one = lambda pattern: next(root.glob(pattern))
ae = pd.read_csv(one("hospital/*.csv"), dtype=str, encoding="utf-8-sig")
ae = ae[ae["Area Type"] == "GPs"]
pay = pd.read_csv(one("payments/payments_21-22.csv"), dtype=str, encoding="utf-8-sig", keep_default_na=False)
pay = pay[pay["Practice type"] == "GP practice"]
staff = pd.read_csv(one("workforce/*December 2021*.csv"), dtype=str, encoding="cp1252")
imd = pd.read_csv(one("deprivation/*.csv"), dtype=str, encoding="utf-8-sig")
imd = imd[imd["Year"] == "2019"].set_index("AreaCode")["Value"].astype(float)

staff["link"] = (staff["STAFF_ROLE"] == "Social Prescribing Link Workers") * staff["FTE"].fillna("0").astype(float)
fte = staff.groupby("PCN_CODE")["link"].sum()
icb = staff.drop_duplicates("PCN_CODE").set_index("PCN_CODE")["ICB_CODE"]
patients = pd.to_numeric(pay["Number of Registered Patients (Last Known Figure)"], errors="coerce").where(pay["Practice Close Date"] == "", 0.0)
lists = patients.groupby(pay["PCN Code"]).sum()
p = pay.set_index("Practice Code")

d = pd.DataFrame({"practice": ae["Area Code"], "y": pd.to_numeric(ae["Count"]), "n": pd.to_numeric(ae["Denominator"])})
d["pcn"] = d.practice.map(p["PCN Code"]).replace("Unknown or no PCN", np.nan)
d["x"] = 50000 * d.pcn.map(fte) / d.pcn.map(lists)
d["rural"] = d.practice.map(p["Practice Rurality"]).map({"Urban": 0.0, "Rural": 1.0})
d["imd"] = d.practice.map(imd) / 10
d["icb"] = d.pcn.map(icb)
d = d.dropna().reset_index(drop=True)

def design(terms, effects):
    parts = [d[["x"] + terms]] + ([pd.get_dummies(d.icb, dtype=float)] if effects else [pd.Series(1.0, index=d.index, name="const")])
    return pd.concat(parts, axis=1)

def rows(model, X, cluster):
    fit = sm.GLM(d.y, X, family=sm.families.Poisson(), offset=np.log(d.n)).fit(tol=1e-14, maxiter=100)
    mu = np.asarray(fit.mu)
    codes = pd.factorize(d[cluster])[0]; G = codes.max() + 1
    A = np.linalg.inv((X.to_numpy() * mu[:, None]).T @ X.to_numpy())
    S = np.zeros((G, X.shape[1])); np.add.at(S, codes, X.to_numpy() * (d.y.to_numpy() - mu)[:, None])
    V = G / (G - 1) * A @ S.T @ S @ A                       # all parameters, effects among them
    for at, term in enumerate(X.columns):
        if term in ("x", "imd", "rural", "imd2"):
            print(f"{model},{term},coefficient,{fit.params.iloc[at]:.17g},{np.sqrt(V[at, at]):.17g},{len(d)},{G}")
    b = fit.params.iloc[0]; J = b * (X.to_numpy() * mu[:, None]).mean(0); J[0] += mu.mean()
    print(f"{model},x,average_marginal_effect,{b * mu.mean():.17g},{np.sqrt(J @ V @ J):.17g},{len(d)},{G}")
    X0 = X.copy(); X0["x"] = 0.0; mu0 = np.exp(X0.to_numpy() @ fit.params.to_numpy() + np.log(d.n.to_numpy()))
    J0 = (X.to_numpy() * mu[:, None]).mean(0) - (X0.to_numpy() * mu0[:, None]).mean(0)
    print(f"{model},x,contrast,{mu.mean() - mu0.mean():.17g},{np.sqrt(J0 @ V @ J0):.17g},{len(d)},{G}")

print(f"# python {platform.python_version()} numpy {np.__version__} pandas {pd.__version__} statsmodels {statsmodels.__version__}")
d["imd2"] = d.imd ** 2
rows("main", design(["imd", "rural"], True), "pcn")
rows("no_icb_effects", design(["imd", "rural"], False), "pcn")
rows("imd_squared", design(["imd", "imd2", "rural"], True), "pcn")
rows("icb_clusters", design(["imd", "rural"], True), "icb")
