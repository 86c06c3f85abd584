namespace Disa.Emulator.Store;

/// <summary>Connections to a database file for reading: each read has one to itself, and sees the last commit.</summary>
internal sealed class Readers(DatabaseOptions options) : IDisposable
{
    private readonly Stack<Session> idle = new();
    private bool closed;

    public T Read<T>(Func<Transaction, T> action)
    {
        var session = Take();
        try
        {
            session.Run("BEGIN");
            try
            {
                return action(new Transaction(session, isWriter: false));
            }
            finally
            {
                session.Run("COMMIT");
            }
        }
        finally
        {
            GiveBack(session);
        }
    }

    public void Dispose()
    {
        lock (idle)
        {
            closed = true;
            while (idle.TryPop(out var session))
            {
                session.Dispose();
            }
        }
    }

    private Session Take()
    {
        lock (idle)
        {
            if (idle.TryPop(out var session))
            {
                return session;
            }
        }

        return Session.Open(options.Path, options.Key);
    }

    private void GiveBack(Session session)
    {
        lock (idle)
        {
            if (!closed)
            {
                idle.Push(session);
                return;
            }
        }

        session.Dispose();
    }
}
