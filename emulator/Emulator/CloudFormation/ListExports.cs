using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record ListExportsRequest(string? NextToken = null);

internal sealed record ListExportsResponse(List<Export> Exports);

internal sealed record Export(string ExportingStackId, string Name, string Value);

/// <summary>Lists the exports of an account and Region.</summary>
internal static class ListExports
{
    public static ListExportsResponse Run(ListExportsRequest request, Caller caller, StackStore store)
    {
        store.Lists.OnePage(request.NextToken);
        return new([
            .. store
                .Exports(null, caller.Scope)
                .Select(e => new Export(e.Stack.Id, e.Output.ExportName!, e.Output.OutputValue))
                .OrderBy(e => e.Name, StringComparer.Ordinal),
        ]);
    }
}
