"""Makes effects.csv: marginal effects through several columns, within subgroups and with covariates
sampled, and models with two or three absorbed effects, on data.csv and counts.csv.

Run as `python effects.py` in this folder with numpy, pandas, scipy, statsmodels, marginaleffects and
pyfixest; versions go to effects_versions.txt. Every absorbed effect is an explicit dummy; sandwiches are
algebra over all parameters with numerical derivatives of the averages (complex step, exact to
rounding), and where nothing is absorbed marginaleffects gives the same numbers or the script stops.
"""
import sys, warnings, numpy as np, pandas as pd, scipy.stats as st, statsmodels.api as sm, statsmodels.formula.api as smf
warnings.simplefilter("ignore")
import pyfixest as pf
from marginaleffects import avg_slopes

d = pd.read_csv("data.csv"); c = pd.read_csv("counts.csv")
d["count"], d["offset"] = c["count"], c["offset"]
d["old"] = (d.age >= 2) * 1.0
# A second effect to absorb, in blocks and crossing practices: 7 regions that practices change with time.
d["region"] = (d.practice // 3 + 2 * (d.wave >= 3) + (d.practice % 7 == 0) * d.wave) % 7
# A third: age by gender.
d["kind"] = d.age * 3 + d.gender

out = []
def one(model, term, quantity, value): out.append((model, term, quantity, float(value)))

def base(absorb):
    X = {"exposure": d.exposure}
    for w in range(1, 6): X[f"wave{w}"] = (d.wave == w) * 1.0
    X["z"] = d.z
    for a in (0, 2, 3): X[f"age{a}"] = (d.age == a) * 1.0
    for g in (1, 2): X[f"gender{g}"] = (d.gender == g) * 1.0
    if absorb:
        for p in range(50): X[f"p{p}"] = (d.practice == p) * 1.0
    else: X["(intercept)"] = 1.0
    return pd.DataFrame(X, index=d.index)

class Family:
    """Score and information per row; the mean and its slope for complex predictors."""
    def __init__(self, name): self.name = name
    def at(self, y, eta):
        if self.name == "probit":
            q = 2 * y - 1; h = q * np.exp(st.norm.logpdf(eta) - st.norm.logcdf(q * eta)); return h, h * (h + eta)
        mu = self.mean(eta)
        return y - mu, {"logit": mu * (1 - mu), "poisson": mu, "linear": np.ones_like(mu)}[self.name]
    def mean(self, eta):
        if self.name == "probit":  # complex step: real part and derivative
            return st.norm.cdf(eta.real) + 1j * eta.imag * st.norm.pdf(eta.real) if np.iscomplexobj(eta) else st.norm.cdf(eta)
        return {"logit": lambda: 1 / (1 + np.exp(-eta)), "poisson": lambda: np.exp(eta), "linear": lambda: eta}[self.name]()
    def slope(self, eta):
        if self.name == "probit": return np.exp(-eta * eta / 2) / np.sqrt(2 * np.pi)
        mu = self.mean(eta)
        return {"logit": lambda: mu * (1 - mu), "poisson": lambda: mu, "linear": lambda: np.ones_like(eta)}[self.name]()

def solve(f, y, X, off, w):
    b = np.zeros(X.shape[1]); links = {"probit": sm.families.Binomial(sm.families.links.Probit()), "logit": sm.families.Binomial(),
             "poisson": sm.families.Poisson(), "linear": sm.families.Gaussian()}
    b = sm.GLM(y, X, family=links[f.name], offset=off, var_weights=w).fit(tol=1e-12, maxiter=200).params
    for _ in range(4):
        s, v = f.at(y, X @ b + off); b = b + np.linalg.solve(X.T @ (X * (w * v)[:, None]), X.T @ (w * s))
    return b

def by(ids, rows):
    u, inverse = np.unique(ids, return_inverse=True)
    S = np.zeros((len(u),) + rows.shape[1:]); np.add.at(S, inverse, rows); return S

def jacobian(function, b):
    J = np.zeros(len(b))
    for k in range(len(b)):
        e = np.zeros(len(b), complex); e[k] = 1e-30j; J[k] = (function(b + e)).imag / 1e-30
    return J

def errors(model, term, function, rows_of, b, Ai, S, w, members=None):
    """`rows_of(b)`: the averaged quantity per row. Errors without small-sample factor."""
    m = np.ones(len(d), bool) if members is None else members
    W = (w * m).sum(); value = (w * m * rows_of(b)).sum() / W
    J = jacobian(lambda p: (w * m * rows_of(p)).sum() / W, b); r = Ai @ J
    one(model, term, "estimate", value)
    add = w * m * (rows_of(b) - value) / W
    for kind, ids in (("cluster", d.cluster.to_numpy()), ("hc", np.arange(len(d))), ("wave", d.wave.to_numpy()), ("both", (d.cluster * 1000 + d.wave).to_numpy())):
        q = by(ids, S @ r); one(model, term, f"se_{kind}", np.sqrt((q ** 2).sum()))
        one(model, term, f"sampled_{kind}", np.sqrt((by(ids, S @ r + add) ** 2).sum()))
    for tag in ("se", "sampled"):
        parts = {q: v for (mo, t, q, v) in out[-9:] if mo == model and t == term}
        v2 = parts[f"{tag}_cluster"] ** 2 + parts[f"{tag}_wave"] ** 2 - parts[f"{tag}_both"] ** 2
        one(model, term, f"{tag}_twoway", np.sqrt(v2) if v2 > 0 else np.nan)
    one(model, term, "se_iid", np.sqrt(J @ Ai @ J))
    return value, J

def fit(model, family, y, absorb, through, offset=None, weight=None, contrasts=(), check=None):
    """`through`: name -> (power, other); columns other x exposure^power."""
    f = Family(family); X = base(absorb); x = d.exposure.to_numpy()
    for name, (power, other) in through.items(): X[name] = other * x ** power
    names = list(X.columns); Xn = X.to_numpy(float); y = np.asarray(y, float)
    off = np.zeros(len(d)) if offset is None else np.asarray(offset); w = np.ones(len(d)) if weight is None else weight
    b = solve(f, y, Xn, off, w); s, v = f.at(y, Xn @ b + off)
    Ai = np.linalg.inv(Xn.T @ (Xn * (w * v)[:, None])); S = Xn * (w * s)[:, None]
    for t in ["exposure", *through]: one(model, t, "coefficient", b[names.index(t)])
    at = {t: names.index(t) for t in ["exposure", *through]}
    def slopes(p):
        steep = p[at["exposure"]] + sum(p[at[t]] * power * other * x ** (power - 1) for t, (power, other) in through.items())
        return f.slope(Xn @ p + off) * steep
    def means(value):
        Z = Xn.copy()
        if value is not None:
            Z[:, at["exposure"]] = value
            for t, (power, other) in through.items(): Z[:, at[t]] = other * value ** power
        return lambda p: f.mean(Z @ p + off)
    ame, _ = errors(model, "ame", None, slopes, b, Ai, S, w)
    for a in range(4): errors(model, f"ame_age{a}", None, slopes, b, Ai, S, w, (d.age == a).to_numpy())
    for a in range(6): errors(model, f"ame_wave{a}", None, slopes, b, Ai, S, w, (d.wave == a).to_numpy())
    for a in range(2): errors(model, f"ame_high{a}", None, slopes, b, Ai, S, w, ((d.z > 60) * 1 == a).to_numpy())
    for name, low, high in (("none", 0.0, None), ("one_two", 1.0, 2.0)):
        lo, hi = means(low), means(high)
        errors(model, f"{name}_from", None, lo, b, Ai, S, w); errors(model, f"{name}_to", None, hi, b, Ai, S, w)
        errors(model, f"{name}_difference", None, lambda p: hi(p) - lo(p), b, Ai, S, w)
    if check:  # marginaleffects on a statsmodels fit of the same columns by formula
        made = check
        r = avg_slopes(made, variables="exposure", eps=1e-3); e, se = (float(np.asarray(r[q])[0]) for q in ("estimate", "std_error"))
        mine = [q[3] for q in out if q[0] == model and q[1] == "ame" and q[2] in ("estimate", "se_cluster")]
        print(model, "marginaleffects", e / mine[0] - 1, se / mine[1] - 1)
        assert abs(e / mine[0] - 1) < 1e-5 and abs(se / mine[1] - 1) < 1e-3
        CHECKED.append(model)
CHECKED = []

square = {"square": (2, np.ones(len(d)))}
late = (d.wave >= 4).to_numpy(float); block = {"square": (2, np.ones(len(d))), "late": (1, late)}
rows = {"by_z": (1, d.z.to_numpy() - 55), "by_old": (2, d.old.to_numpy())}
both = {**block, **rows}
wt = d.weight.to_numpy()
d["late"], d["zc"] = late, d.z - 55
dummies = [n for n in base(False) if n[:3] in ("wav", "age", "gen")]
for name in dummies: d[f"d_{name}"] = base(False)[name]
text = "exposure + z + " + " + ".join(f"d_{name}" for name in dummies) + " + I(exposure**2) + exposure:late + exposure:zc + I(exposure**2):old"
kw = dict(cov_type="cluster", cov_kwds={"groups": d.cluster.to_numpy(), "use_correction": False}, disp=0)
for name, kind in (("logit", smf.logit), ("probit", smf.probit)):
    fit(f"{name}_intercept", name, d.y, False, both, check=kind("y ~ " + text, d).fit(method="newton", tol=1e-14, maxiter=100, **kw))
kw.pop("disp"); fit("linear_intercept", "linear", d.y, False, both, check=smf.ols("y ~ " + text, d).fit(**kw))
fit("logit_block", "logit", d.y, True, block); fit("logit_rows", "logit", d.y, True, rows)
fit("logit_weighted", "logit", d.y, True, both, weight=wt); fit("logit_plain", "logit", d.y, True, {})
fit("probit_both", "probit", d.y, True, both); fit("poisson_both", "poisson", d["count"], True, both, offset=d.offset)
fit("probit_weighted", "probit", d.y, True, rows, weight=wt)
fit("linear_both", "linear", d.y, True, both); fit("poisson_weighted", "poisson", d["count"], False, both, offset=d.offset, weight=wt)

# Several absorbed effects.
def absorbed(model, family, y, factors, offset=None, weight=None):
    f = Family(family); y = np.asarray(y, float); off = np.zeros(len(d)) if offset is None else np.asarray(offset)
    w = np.ones(len(d)) if weight is None else weight
    X = base(True).drop(columns=["z"])
    if "kind" in factors: X = X.drop(columns=[n for n in X if n[:3] in ("age", "gen")])
    levels = []
    for name in factors:
        for l in np.unique(d[name]):
            trial = X.assign(**{f"{name}_{l}": (d[name] == l) * 1.0})
            keep = np.linalg.matrix_rank(trial.to_numpy(float)) > X.shape[1]
            if keep: X = trial
        levels.append((name, d[name].nunique()))
    one(model, "", "columns", X.shape[1])
    names = list(X.columns); Xn = X.to_numpy(float); b = solve(f, y, Xn, off, w); s, v = f.at(y, Xn @ b + off)
    Ai = np.linalg.inv(Xn.T @ (Xn * (w * v)[:, None])); S = Xn * (w * s)[:, None]
    for t in names:
        if t[0] == "p" or t.split("_")[0] in factors: continue
        k = names.index(t); one(model, t, "coefficient", b[k])
        for kind, ids in (("cluster", d.cluster), ("hc", np.arange(len(d)))): one(model, t, f"se_{kind}", np.sqrt((by(ids, S @ Ai[k]) ** 2).sum()))
        one(model, t, "se_iid", np.sqrt(Ai[k, k]))
    slopes = lambda p: f.slope(Xn @ p + off) * p[0]
    errors(model, "ame", None, slopes, b, Ai, S, w)
    Z = Xn.copy(); Z[:, 0] = 0
    errors(model, "none_difference", None, lambda p: f.mean(Xn @ p + off) - f.mean(Z @ p + off), b, Ai, S, w)
absorbed("two_logit", "logit", d.y, ["region"]); absorbed("two_logit_weighted", "logit", d.y, ["region"], weight=wt)
absorbed("two_poisson", "poisson", d["count"], ["region"], offset=d.offset); absorbed("two_linear", "linear", d.y, ["region"])
absorbed("three_logit", "logit", d.y, ["region", "kind"]); absorbed("three_probit", "probit", d.y, ["region", "kind"])
for model, call, y, fe, extra in (("feols", pf.feols, "y", "practice + region", {}), ("feols3", pf.feols, "y", "practice + region + kind", {}),
        ("fepois", pf.fepois, "count", "practice + region", {"iwls_tol": 1e-12}), ("feglm", pf.feglm, "y", "practice + region", {"family": "logit", "iwls_tol": 1e-13})):
    x = "exposure + C(wave)" + ("" if "kind" in fe else " + C(age) + C(gender)")
    for name, vcov in (("cluster", {"CRV1": "cluster"}), ("practice", {"CRV1": "practice"}), ("iid", "iid"), ("hetero", "hetero")):
        if model == "feglm" and name in ("hetero",): continue
        try: g = call(f"{y} ~ {x} | {fe}", d, vcov=vcov, fixef_tol=1e-12, **extra)
        except Exception as error: print(model, name, "refused:", str(error)[:80]); continue
        t = g.tidy().loc["exposure"]
        for q, n in (("coefficient", "Estimate"), ("std_error", "Std. Error"), ("p_value", "Pr(>|t|)")): one(f"{model}_{name}", "exposure", q, t[n])
d[["region"]].to_csv("regions.csv", index=False)
pd.DataFrame(out, columns=["model", "term", "quantity", "value"]).to_csv("effects.csv", index=False, float_format="%.17g")
import importlib.metadata as md
open("effects_versions.txt", "w").write(f"python {sys.version.split()[0]}\n" + "".join(
    f"{p} {md.version(p)}\n" for p in ("numpy", "scipy", "pandas", "statsmodels", "pyfixest", "marginaleffects")) + "checked against marginaleffects: " + " ".join(CHECKED) + "\n")
print(len(out), CHECKED)
