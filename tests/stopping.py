"""A server of tests' that ends as soon as it is told to: a thousand tests end one."""

from __future__ import annotations

import asyncio
import socket

import uvicorn


class Quick(uvicorn.Server):
    """As uvicorn's own, which looks only every tenth of a second whether it should end."""

    async def main_loop(self) -> None:
        """Until it should end; what is to be done each second is counted in tenths."""
        looks = 0
        while not await self.on_tick(looks // 10):
            looks += 1
            await asyncio.sleep(0.01)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, but without its pause for connections where there are none."""
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        await self.lifespan.shutdown()
