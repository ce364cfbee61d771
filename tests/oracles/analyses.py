"""Makes analyses.csv and clusters.csv: slope and relative indices of inequality, concentration index,
provision against need, on data.csv and on made-up clusters.

Run as `python analyses.py` in this folder with numpy, pandas, statsmodels; versions go to
analyses_versions.txt.
"""
import sys, numpy as np, pandas as pd, statsmodels, statsmodels.api as sm

out = []
def one(model, quantity, value): out.append((model, quantity, repr(float(value))))

# Clusters: patients, amount, deprivation, need, area.
r = np.random.default_rng(7)
n = 60
c = pd.DataFrame({
    "patients": np.round(r.lognormal(10.8, 0.3, n), 1), "deprivation": np.round(r.gamma(4, 6, n), 2),
    "need": np.round(r.beta(8, 32, n), 4), "area": r.integers(0, 5, n)})
c["amount"] = np.round(np.maximum(0, r.normal(1.4, 0.9, n) - 0.01 * c.deprivation) * c.patients / 50000, 3)
c.loc[3, "deprivation"] = c.loc[9, "deprivation"]  # a tie
c.to_csv("clusters.csv", index=False)

# Provision against need, per 10,000 patients and 10 percentage points.
y = 10000 * c.amount / c.patients
raw = sm.OLS(y, sm.add_constant(pd.DataFrame({"need": c.need / 0.1}))).fit(cov_type="HC1", use_t=True)
one("provision", "raw", raw.params["need"]); one("provision", "raw_se", raw.bse["need"])
X = pd.DataFrame({"need": c.need / 0.1, "deprivation": c.deprivation, "patients": c.patients / 10000})
X = pd.concat([X, pd.get_dummies(c.area, prefix="a").astype(float)], axis=1)
adjusted = sm.OLS(y, X).fit(cov_type="HC1", use_t=True)
one("provision", "adjusted", adjusted.params["need"]); one("provision", "adjusted_se", adjusted.bse["need"])
for name, fit in (("raw", raw), ("adjusted", adjusted)):
    low, high = fit.conf_int().loc["need"]; one("provision", name + "_low", low); one("provision", name + "_high", high)

# Concentration index by its covariance formula, 2 cov(h, r) / mean; the error by the convenient regression's
# delta method (O'Donnell and others 2008, ch. 8), derivative by complex step.
w = c.patients / c.patients.sum()
h = 50000 * c.amount / c.patients
order = (-c.deprivation)
rank = np.array([w[order < k].sum() + w[order == k].sum() / 2 for k in order])
mean = (w * h).sum()
one("concentration", "index", 2 * (w * (h - mean) * (rank - (w * rank).sum())).sum() / mean)
fit = sm.WLS(h, sm.add_constant(rank), weights=c.patients).fit(cov_type="HC1", use_t=True)
var = (w * (rank - 0.5) ** 2).sum()
index = lambda b: 2 * var * b[1] / (b[0] + 0.5 * b[1])
b = np.asarray(fit.params, complex)
g = np.array([np.imag(index(b + 1e-20j * np.eye(2)[k])) / 1e-20 for k in range(2)])
one("concentration", "index_by_regression", np.real(index(b)))
one("concentration", "se", np.sqrt(g @ np.asarray(fit.cov_params()) @ g))

# Inequality on data.csv: age plays the ranked covariate, wave by wave.
d = pd.read_csv("data.csv")
y = d.y
d["rank"] = 0.0
for wave in range(6):
    own = d.wave == wave
    share = d[own].age.value_counts(normalize=True)
    for level in range(4):
        d.loc[own & (d.age == level), "rank"] = share[share.index < level].sum() + share.get(level, 0) / 2
X = {f"wave{k}": (d.wave == k) * 1.0 for k in range(1, 6)}
X |= {f"gender{k}": (d.gender == k) * 1.0 for k in (1, 2)}
X |= {f"rank{k}": d["rank"] * (d.wave == k) for k in range(6)}
X = sm.add_constant(pd.DataFrame(X, index=d.index))
groups = d["cluster"]
G = groups.nunique()
linear = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
poisson = sm.GLM(y, X, family=sm.families.Poisson()).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}, tol=1e-12, maxiter=100)
for k in range(6):
    one("inequality", f"slope{k}", linear.params[f"rank{k}"]); one("inequality", f"slope{k}_se", linear.bse[f"rank{k}"])
    one("inequality", f"log_relative{k}", poisson.params[f"rank{k}"])
    one("inequality", f"log_relative{k}_se", poisson.bse[f"rank{k}"] * np.sqrt(G / (G - 1)))
    one("inequality", f"slope{k}_low", linear.conf_int().loc[f"rank{k}", 0])
contrast = np.zeros(X.shape[1]); contrast[X.columns.get_loc("rank5")] = 1; contrast[X.columns.get_loc("rank0")] = -1
t = linear.t_test(contrast); one("inequality", "change", t.effect.item()); one("inequality", "change_se", t.sd.item())

pd.DataFrame(out, columns=["model", "quantity", "value"]).to_csv("analyses.csv", index=False)
open("analyses_versions.txt", "w").write(
    f"python {sys.version.split()[0]}\nnumpy {np.__version__}\npandas {pd.__version__}\nstatsmodels {statsmodels.__version__}\n")
