using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Store;

/// <summary>The store takes no writes now: the disk is full, or fails. Reads go on, and the next write is tried again.</summary>
public sealed class StoreUnavailableException : IOException
{
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private StoreUnavailableException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>Null for what no waiting mends.</summary>
    internal static StoreUnavailableException? From(Exception failure) =>
        failure is not SqliteException { SqliteErrorCode: var code }
            ? null
            : code switch
            {
                Full => new("The disk is full: nothing can be written. Free some space; the next write is tried again.", failure),
                IoError or CannotOpen => new($"The disk cannot be written to ({failure.Message}). The next write is tried again.", failure),
                ReadOnly => new("The disk is read-only: nothing can be written. The next write is tried again.", failure),
                _ => null,
            };
}

/// <summary>The store is closed, or about to be: the emulator stops.</summary>
public sealed class StoreClosedException(string? reason) : ObjectDisposedException(nameof(Database), reason ?? "The emulator is stopping.");

/// <summary>The data folder cannot be used; the message says why, in a sentence, to whoever started the emulator.</summary>
public sealed class DataFolderException : IOException
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public DataFolderException(string message, Exception? inner = null)
        : base(message, inner) { }

    internal static DataFolderException From(string? path, SqliteException failure) =>
        new(
            failure.SqliteErrorCode switch
            {
                Busy => $"{path} is in use by another process.",
                ReadOnly => $"{path} cannot be written to.",
                IoError => $"{path} cannot be read or written: {failure.Message}",
                Corrupt => $"{path} is damaged: {failure.Message} Put a copy back, or start with an empty directory.",
                CannotOpen => $"{path} cannot be opened.",
                NotADatabase => $"{path} is not a database of Disa, or is damaged.",
                _ => $"{path} cannot be used: {failure.Message}",
            },
            failure
        );
}
