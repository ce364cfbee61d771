from mpmath import mp, mpf, matrix, lu_solve, exp, atanh, sqrt, cos, pi, log
mp.dps=50
def remez(f, w, a, b, deg, it=12):
    n=deg+2
    xs=[(a+b)/2+(b-a)/2*cos(pi*(n-1-i)/(n-1)) for i in range(n)]
    for _ in range(it):
        A=matrix(n,n); B=matrix(n,1)
        for i,x in enumerate(xs):
            for j in range(deg+1): A[i,j]=x**j
            A[i,deg+1]=(-1)**i/w(x); B[i]=f(x)
        s=lu_solve(A,B); c=[s[j] for j in range(deg+1)]
        err=lambda x: w(x)*(f(x)-sum(c[j]*x**j for j in range(deg+1)))
        m=2000; g=[a+(b-a)*mpf(i)/m for i in range(m+1)]
        e=[err(x) for x in g]
        # extrema by sign runs
        ext=[];i=0
        while i<=m:
            j=i
            best=i
            while j<=m and (e[j]>0)==(e[i]>0):
                if abs(e[j])>abs(e[best]): best=j
                j+=1
            ext.append(g[best]); i=j
        if len(ext)<n: break
        while len(ext)>n: ext.pop(0 if abs(err(ext[0]))<abs(err(ext[-1])) else -1)
        xs=ext
    return c, max(abs(v) for v in e)
h=log(mpf(2))/2*mpf('1.0001')
# exp(r)=1+r+r^2 q(r)
f=lambda r: (exp(r)-1-r)/r**2 if abs(r)>mpf('1e-8') else mpf(1)/2+r/6+r*r/24
for d in (8,9):
    c,e=remez(f, lambda r: r**2/exp(r)+mpf('1e-30'), -h, h, d)
    print('exp q deg',d,mp.nstr(e,5)); print([mp.nstr(v,20) for v in c])
# log1p(e)=2t P(t^2), P(u)=1+u R(u)  u in [0,1/9]
def R(u):
    if u<mpf('1e-12'): return mpf(1)/3+u/5
    t=sqrt(u); return (atanh(t)/t-1)/u
for d in (6,7,8):
    c,e=remez(R, lambda u: u+mpf('1e-30'), mpf(0), mpf(1)/9*mpf('1.00001'), d)
    print('atanh R deg',d,mp.nstr(e,5)); print([mp.nstr(v,20) for v in c])
