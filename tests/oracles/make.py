"""Makes the stored reference numbers: data.csv, reference.csv, numbers.csv.

Run as `python make.py` in this folder with statsmodels, numpy, pandas, mpmath (and pyfixest for
the rows marked so); versions are written to versions.txt.
"""
import sys, numpy as np, pandas as pd, statsmodels, statsmodels.api as sm, mpmath

rng = np.random.default_rng(20190701)
rows = []
for practice in range(50):
    effect = rng.normal(0.4, 0.5)
    home = practice // 3
    for wave in range(6):
        cluster = home if wave < 4 or practice % 7 else (home + 5) % 17   # some practices move
        exposure = 0.0 if wave < 3 else round(rng.gamma(2.0, 0.8) * (wave - 2) / 2 + 0.1 * home, 3)
        for _ in range(rng.integers(8, 30)):
            age = int(rng.choice(4, p=[0.15, 0.3, 0.3, 0.25])); gender = int(rng.choice(3, p=[0.5, 0.45, 0.05]))
            z = round(float(rng.normal(50 + 5 * age, 10)), 1)
            eta = effect - 0.25 * wave + 0.15 * exposure + [0, .3, .5, .9][age] + [0, -.2, -.6][gender] + .01 * (z - 55)
            rows.append((practice, wave, cluster, exposure, age, gender, z, round(float(rng.gamma(3, 1 / 3)), 3) + 0.05,
                         int(rng.random() < 1 / (1 + np.exp(-eta)))))
d = pd.DataFrame(rows, columns="practice wave cluster exposure age gender z weight y".split())
d.to_csv("data.csv", index=False)

def design(absorb, z=False):
    X = {"exposure": d.exposure.astype(float)}
    for w in range(1, 6): X[f"wave{w}"] = (d.wave == w) * 1.0
    if z: X["z"] = d.z
    for a in (0, 2, 3): X[f"age{a}"] = (d.age == a) * 1.0        # reference: level 1
    for g in (1, 2): X[f"gender{g}"] = (d.gender == g) * 1.0     # reference: level 0
    k = len(X)
    if absorb:
        for p in range(50): X[f"p{p}"] = (d.practice == p) * 1.0
    else:
        X["(intercept)"] = 1.0; k += 1
    return pd.DataFrame(X, index=d.index), k

out = []
def put(model, name, beta, se, k, names):
    for i in range(k):
        out.append((model, names[i], "coefficient", beta[i])); out.append((model, names[i], "std_error", se[i]))

def sandwich(X, A, s):
    S = np.zeros((d.cluster.nunique(), X.shape[1])); np.add.at(S, d.cluster.to_numpy(), X * s[:, None])
    Ai = np.linalg.inv(A)
    return Ai @ (S.T @ S) @ Ai, S, Ai

def logit(model, absorb, weight=None, z=False):
    X, k = design(absorb, z); names = list(X.columns); Xn = X.to_numpy(); y = d.y.to_numpy()
    w = np.ones(len(d)) if weight is None else d[weight].to_numpy()
    beta = sm.GLM(y, Xn, family=sm.families.Binomial(), var_weights=w).fit(tol=1e-12, maxiter=100).params
    for _ in range(3):  # polish statsmodels' answer to machine precision
        mu = 1 / (1 + np.exp(-Xn @ beta)); beta = beta + np.linalg.solve(Xn.T @ (Xn * (w * mu * (1 - mu))[:, None]), Xn.T @ (w * (y - mu)))
    mu = 1 / (1 + np.exp(-Xn @ beta)); v = w * mu * (1 - mu)
    A = Xn.T @ (Xn * v[:, None])
    V, S, Ai = sandwich(Xn, A, w * (y - mu))
    put(model, "", beta, np.sqrt(np.diag(V)), k, names)
    ame = beta[0] * v.sum() / w.sum()
    J = (beta[0] * (v * (1 - 2 * mu))[:, None] * Xn).sum(0) / w.sum(); J[0] += v.sum() / w.sum()
    out.append((model, "exposure", "ame", ame)); out.append((model, "exposure", "ame_se", np.sqrt(J @ V @ J)))
    out.append((model, "", "log_likelihood", float((w * (y * np.log(mu) + (1 - y) * np.log1p(-mu))).sum())))
    if weight is None:  # statsmodels' own clustered errors, with its own factor taken off
        r = sm.Logit(y, Xn).fit(start_params=beta, method="newton", tol=1e-14, disp=0, cov_type="cluster", cov_kwds={"groups": d.cluster.to_numpy()})
        G, n, K = d.cluster.nunique(), len(d), Xn.shape[1]
        factor = G / (G - 1) * (n - 1) / (n - K)
        assert np.allclose(r.bse / np.sqrt(factor), np.sqrt(np.diag(V)), rtol=1e-8), "statsmodels disagrees"
        for i in range(k): out.append((model, names[i], "statsmodels_std_error", r.bse[i] / np.sqrt(factor)))

logit("main", True); logit("weighted", True, "weight"); logit("intercept", False); logit("numeric", True, z=True)
logit("weighted_numeric", False, "weight", z=True)
X, k = design(True); Xn = X.to_numpy(); r = sm.OLS(d.y, Xn).fit()
V, _, _ = sandwich(Xn, Xn.T @ Xn, r.resid.to_numpy())
put("linear", "", r.params.to_numpy(), np.sqrt(np.diag(V)), k, list(X.columns))
out.append(("linear", "", "log_likelihood", r.llf))
w = d.weight.to_numpy(); r = sm.WLS(d.z, Xn, weights=w).fit()
V, _, _ = sandwich(Xn, Xn.T @ (Xn * w[:, None]), w * (d.z.to_numpy() - Xn @ r.params.to_numpy()))
put("number", "", r.params.to_numpy(), np.sqrt(np.diag(V)), k, list(X.columns))
r = sm.OLS(d.z, Xn).fit(); out.append(("number_unweighted", "exposure", "coefficient", r.params.iloc[0]))
out.append(("number_unweighted", "", "log_likelihood", r.llf))
versions = [f"python {sys.version.split()[0]}", f"numpy {np.__version__}", f"pandas {pd.__version__}",
            f"statsmodels {statsmodels.__version__}", f"mpmath {mpmath.__version__}"]
try:
    import pyfixest as pf
    versions.append(f"pyfixest {pf.__version__}")
    for model, cluster in (("fixest_crossing", "cluster"), ("fixest_nested", "practice")):
        f = pf.feols("y ~ exposure + C(wave) + C(age) + C(gender) | practice", d, vcov={"CRV1": cluster})
        t = f.tidy()
        out.append((model, "exposure", "coefficient", t.loc["exposure", "Estimate"]))
        out.append((model, "exposure", "std_error", t.loc["exposure", "Std. Error"]))
        out.append((model, "exposure", "p_value", t.loc["exposure", "Pr(>|t|)"]))
except ImportError:
    print("no pyfixest")
pd.DataFrame(out, columns=["model", "term", "quantity", "value"]).to_csv("reference.csv", index=False, float_format="%.17g")

mp = mpmath.mp; mp.dps = 60
num = []
def want(f, g, xs, *more):
    for x in xs:
        num.append((f, float(x), *(more or (0.0,)), float(g(mpmath.mpf(float(x))))))
xs = np.concatenate([rng.uniform(-700, 700, 100), rng.uniform(-3, 3, 100), rng.normal(0, 1e-5, 20), [0, 1, -1, 709.7, -708.3]])
want("exp", mpmath.exp, xs); want("exp_subnormal", mpmath.exp, [-709.5, -720.25, -740.0, -744.9])
want("logistic", lambda x: 1 / (1 + mpmath.exp(-x)), xs)
want("log1p_exp", lambda x: mpmath.log1p(mpmath.exp(x)), xs)
ps = np.concatenate([10.0 ** rng.uniform(-300, 300, 80), rng.uniform(0.5, 2, 120), [1.0, 5e-324, 1e-310, 2.0, 1 - 1e-12]])
want("ln", mpmath.log, ps)
want("ln_1p", mpmath.log1p, np.concatenate([10.0 ** rng.uniform(-20, 20, 60), rng.uniform(-0.999, 3, 120), -10.0 ** rng.uniform(-20, -1, 30)]))
zs = np.concatenate([rng.uniform(-37, 37, 120), rng.uniform(-6, 6, 100), [0.0, -37.0]])
want("normal_cdf", lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2, zs)
want("normal_sf", lambda x: mpmath.erfc(x / mpmath.sqrt(2)) / 2, zs)
def quantile(p):
    if p > mpmath.mpf(1) / 2: return -quantile(1 - p)
    y = mpmath.sqrt(-2 * mpmath.log(p)) if p < 0.4 else mpmath.mpf(0.2)
    for _ in range(200):  # Newton on log P
        P = mpmath.erfc(y / mpmath.sqrt(2)) / 2
        y += mpmath.log(P / p) * P / (mpmath.exp(-y * y / 2) / mpmath.sqrt(2 * mpmath.pi))
    return -y
want("normal_quantile", quantile, np.concatenate([10.0 ** rng.uniform(-300, -1, 60), rng.uniform(0.001, 0.999, 60), [0.5, 0.975, 0.995]]))
for df in (1, 2, 3.5, 16, 49, 1249, 1e5):
    want("student_two_sided", lambda t: mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, df / (df + t * t), regularized=True),
         [0.01, 0.5, 1.0, 1.7, 2.0, 3.3, 5.0, 8.0, 20.0], df)
pd.DataFrame(num, columns=["function", "x", "df", "value"]).to_csv("numbers.csv", index=False, float_format="%.17g")
open("versions.txt", "w").write("\n".join(versions) + "\n")
