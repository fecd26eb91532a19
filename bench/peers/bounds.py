"""What PostgreSQL alone does of each work, asked by pgbench over the same socket with prepared statements: no HTTP, no rights,
no history. It says how much of a peer's time is the database's."""
from cases import GROUPS

LIST = "SELECT id, due, name FROM cases WHERE status = 'open' ORDER BY due LIMIT 25;\n"


def of_directus(peer, bound):
    pick = f"\\set id random({peer.first}, {peer.first + peer.count - 1})\n"
    return {
        "create": bound("INSERT INTO cases (code, procedure, status, due, name, phone, address, content) SELECT 'bound', procedure, status, due, name, phone, "
                        f"address, content FROM cases WHERE id = {peer.first};\n", 8),
        "read": bound(f"{pick}SELECT * FROM cases WHERE id = :id;\n", 16),
        "list_indexed": bound(LIST, 16),
    }


def of_rt(peer, bound):
    found = ("SELECT t.id, t.subject FROM tickets t JOIN transactions x ON x.objecttype = 'RT::Ticket' AND x.objectid = t.id JOIN attachments a ON "
             "a.transactionid = x.id JOIN attachmentsindex i ON i.id = a.id WHERE i.contentindex @@ plainto_tsquery({}) ORDER BY t.created DESC LIMIT 25;\n")
    return {
        "search_one": bound(f"\\set k random(1, {peer.count - 1})\n" + found.format("'rieng' || :k"), 4),
        "search_many": bound(f"\\set k random(0, {min(GROUPS, peer.count - 1) - 1})\n" + found.format("'nhom' || :k"), 4),
    }


def bounds(peer, postgres, seconds):
    def bound(script, clients):
        return postgres.bound(peer.database, script, clients, seconds, f"{peer.name}-bound")
    return (of_rt if peer.name == "rt" else of_directus)(peer, bound)
