"""Pages for readers."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
