using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ArchiveRequest(string? ArchiveName);

/// <summary>Deletes an archive with its events; a replay of it that is running finds no more of them.</summary>
internal sealed class DeleteArchive(Archives archives)
{
    public Task<EmptyResponse> Run(ArchiveRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = EventsErrors.Name(request.ArchiveName, "archiveName", Archives.LongestName);
        return archives.Database.Write(transaction =>
        {
            ArchivedEvents.Remove(transaction, archives.Find(transaction, name, caller.Scope));
            archives.Bus.Archives.Remove(transaction, caller.Scope, name);
            return new EmptyResponse();
        });
    }
}
