"""Pages for editors and approvers."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
