using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Store;

/// <summary>
/// The one door to disk: one writer thread that commits many callers' writes with one flush (group commit), and readers
/// that see the last commit.
/// </summary>
/// <remarks>
/// In memory there is nothing to flush: a caller commits its write itself, and what others brought meanwhile, one thread at a time.
/// A write is acknowledged (its task completes) only after the commit is on disk: WAL with <c>synchronous=FULL</c>.
/// A write that throws is rolled back alone, and its exception goes to its caller. Called synchronously throughout, because
/// SQLite's async methods run synchronously (https://learn.microsoft.com/dotnet/standard/data/sqlite/async).
/// </remarks>
public sealed class Database : IDisposable
{
    /// <summary>How many writes share a commit at most: bounds how long the first of them waits.</summary>
    private const int BatchLimit = 512;

    private readonly object gate = new(); // a monitor, not a Lock: the writer waits on it
    private readonly Lock memoryGate = new();
    private readonly Queue<PendingWrite> pending = new();
    private readonly Readers readers;
    private readonly Session writer;
    private readonly DatabaseOptions options;
    private readonly Thread? thread; // in memory, none
    private readonly List<IShelf> shelves = [];
    private long writes;
    private bool isCommitting; // in memory: a caller does
    private bool closed;
    private volatile bool stopping;
    private volatile string? trouble;
    private Exception? powerCut;

    private Database(DatabaseOptions options)
    {
        this.options = options;
        writer = Session.Open(options.Path, options.Key);
        readers = new Readers(options);
        if (options.From is { } copied)
        {
            Session.Copy(copied, writer);
        }

        if (options.Path is not null)
        {
            thread = new Thread(WriteLoop) { IsBackground = true, Name = "disa store writer" };
        }
    }

    /// <summary>Opens or creates the file, and brings each room's tables up to date.</summary>
    /// <exception cref="DataFolderException">The file is not a database, is damaged or of a newer version, or another process holds it.</exception>
    public static Database Open(DatabaseOptions options, params IEnumerable<Migration> migrations)
    {
        try
        {
            var database = new Database(options);
            try
            {
                if (options is { Path: null, From: null })
                {
                    EmptyTables.CopyTo(database.writer, [.. migrations]);
                }
                else
                {
                    Migration.Apply(database.writer, options, migrations);
                }
            }
            catch
            {
                database.writer.Dispose();
                throw;
            }

            database.thread?.Start();
            return database;
        }
        catch (SqliteException failure)
        {
            throw DataFolderException.From(options.Path, failure);
        }
    }

    /// <summary>Whether the columns of a file are sealed.</summary>
    internal static bool IsSealed(string file) => Session.Has(file, "SELECT 1 FROM store_schema WHERE room LIKE 'sealed:%'");

    /// <summary>The file; null in memory.</summary>
    public string? Path => options.Path;

    /// <summary>How many writes have run: what a crash test counts.</summary>
    public long Writes => Interlocked.Read(ref writes);

    /// <summary>Why the last write could not be made; null where it could.</summary>
    public string? Trouble => trouble;

    /// <summary>
    /// From now on nothing is recorded but last words: what is in progress when the emulator stops fails because of that, and no such failure
    /// may be kept. It is found undone, and taken up again, at the next start.
    /// </summary>
    public void StopRecording() => stopping = true;

    /// <summary>Called after each commit, on the thread that commits. It must return at once.</summary>
    public Action? Committed { get; set; }

    /// <summary>Runs a write in a transaction and completes when it is durable. The action runs on the thread that commits: no waiting in it.</summary>
    /// <exception cref="StoreClosedException">The emulator stops.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full, or fails; nothing of this write is there.</exception>
    public Task<T> Write<T>(Func<Transaction, T> action) => stopping ? throw new StoreClosedException(null) : WriteLast(action);

    /// <summary>As <see cref="Write{T}"/>, also while the emulator stops: for what a room knows by itself and keeps at its end.</summary>
    public Task<T> WriteLast<T>(Func<Transaction, T> action)
    {
        var write = new PendingWrite<T>(action);
        lock (gate)
        {
            if (closed)
            {
                throw new StoreClosedException(powerCut?.Message);
            }

            pending.Enqueue(write);
            if (thread is not null)
            {
                if (pending.Count == 1)
                {
                    // Only the first wakes the writer: those that come while it commits are taken together afterwards.
                    Monitor.Pulse(gate);
                }

                return write.Task;
            }

            if (isCommitting)
            {
                return write.Task; // Whoever commits sees to it.
            }

            isCommitting = true;
        }

        if (memoryGate.IsHeldByCurrentThread)
        {
            CommitLater(); // It is in the middle of a read.
        }
        else
        {
            CommitHere();
        }

        return write.Task;
    }

    public Task Write(Action<Transaction> action) =>
        Write<object?>(transaction =>
        {
            action(transaction);
            return null;
        });

    /// <summary>Reads the last commit, on the caller's thread.</summary>
    public T Read<T>(Func<Transaction, T> action)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (options.Path is null)
        {
            // Readers of a memory database share the writer's connection: between two batches, what they see is committed.
            lock (memoryGate)
            {
                return action(new Transaction(writer, isWriter: false));
            }
        }

        return readers.Read(action);
    }

    /// <summary>Writes a copy of the last commit to a new file.</summary>
    internal void CopyTo(string file)
    {
        // Nothing commits meanwhile: in memory the copy shares the writer's connection.
        lock (memoryGate)
        {
            writer.CopyTo(file);
        }
    }

    /// <summary>Removes an account from every shelf; rooms with tables of their own remove theirs.</summary>
    internal void ResetShelves(Transaction transaction, string account)
    {
        foreach (var shelf in shelves)
        {
            shelf.Reset(transaction, account);
        }
    }

    internal void Register(IShelf shelf) => shelves.Add(shelf);

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
            while (isCommitting)
            {
                Monitor.Wait(gate);
            }
        }

        if (thread is { IsAlive: true })
        {
            thread.Join();
        }

        readers.Dispose();
        writer.Dispose();
    }

    /// <summary>In memory: commits what is there, the caller's write among it. What comes meanwhile is another thread's.</summary>
    private void CommitHere()
    {
        // Work that a commit starts must not inherit the context of the request whose thread commits.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        try
        {
            var batch = new List<PendingWrite>();
            if (Take(batch))
            {
                Commit(batch);
            }
        }
        finally
        {
            flow?.Undo();
            LeaveToNext();
        }
    }

    private void LeaveToNext()
    {
        lock (gate)
        {
            if (pending.Count == 0)
            {
                isCommitting = false;
                Monitor.PulseAll(gate);
                return;
            }
        }

        CommitLater();
    }

    private void CommitLater() => ThreadPool.UnsafeQueueUserWorkItem(static database => database.CommitHere(), this, preferLocal: false);

    private void WriteLoop()
    {
        var batch = new List<PendingWrite>();
        while (Take(batch) && Commit(batch)) { }
    }

    /// <summary>Waits for writes and takes those that are there; false once the database is closed and nothing is left.</summary>
    private bool Take(List<PendingWrite> batch)
    {
        batch.Clear();
        lock (gate)
        {
            while (pending.Count == 0)
            {
                if (closed)
                {
                    return false;
                }

                Monitor.Wait(gate);
            }

            while (batch.Count < BatchLimit && pending.TryDequeue(out var write))
            {
                batch.Add(write);
            }

            return true;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The writer's loop: every failure belongs to the callers of the writes.")]
    private bool Commit(List<PendingWrite> batch)
    {
        var transaction = new Transaction(writer, isWriter: true, isAlone: batch.Count == 1);
        try
        {
            lock (memoryGate)
            {
                writer.Run("BEGIN IMMEDIATE");
                foreach (var write in batch)
                {
                    options.BeforeWrite?.Invoke(Interlocked.Increment(ref writes));
                    if (!write.Run(transaction))
                    {
                        if (write.Thrown is { } thrown && StoreUnavailableException.From(thrown) is not null)
                        {
                            // SQLite may have rolled all of the batch back by itself.
                            ExceptionDispatchInfo.Throw(thrown);
                        }

                        transaction.Undo();
                    }

                    transaction.Keep();
                }

                writer.Run("COMMIT");
                transaction.Publish();
            }
        }
        catch (Exception failure) when (StoreUnavailableException.From(failure) is { } unavailable)
        {
            Refuse(batch, transaction, unavailable);
            return true;
        }
        catch (Exception failure)
        {
            Fail(batch, failure);
            return false;
        }

        trouble = null;
        transaction.RunAfterCommit();
        Committed?.Invoke();
        foreach (var write in batch)
        {
            write.Complete();
        }

        return true;
    }

    /// <summary>The disk takes nothing now: nothing of the batch is there, and its callers hear why. The next batch is tried like any other.</summary>
    private void Refuse(List<PendingWrite> batch, Transaction transaction, StoreUnavailableException why)
    {
        trouble = why.Message;
        RollBack();

        transaction.Abandon();
        foreach (var write in batch)
        {
            write.Fail(why);
        }
    }

    /// <summary>A commit that failed for good (a damaged file, a power cut in a test): nothing of the batch is there, and no later write may be acknowledged.</summary>
    private void Fail(List<PendingWrite> batch, Exception failure)
    {
        List<PendingWrite> refused;
        lock (gate)
        {
            closed = true;
            powerCut = failure;
            refused = [.. batch, .. pending];
            pending.Clear();
        }

        RollBack();

        foreach (var write in refused)
        {
            write.Fail(failure);
        }
    }

    private void RollBack()
    {
        try
        {
            writer.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself already.
        }
    }
}
