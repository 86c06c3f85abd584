using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on event source mappings, and where each is found on the wire.</summary>
internal sealed class MappingOperations(EventSourceMappings mappings)
{
    public IEnumerable<Operation> All()
    {
        const string root = "/2015-03-31/event-source-mappings";
        var json = LambdaJson.Default;
        yield return Operation.Of(
            "CreateEventSourceMapping",
            json.CreateEventSourceMappingRequest,
            json.EventSourceMappingDescription,
            (request, caller, _) => mappings.Create(request, caller),
            new RestBinding("POST", root) { Status = 202 }
        );
        yield return Operation.Of(
            "GetEventSourceMapping",
            json.EventSourceMappingRequest,
            json.EventSourceMappingDescription,
            mappings.Get,
            new RestBinding("GET", root + "/{UUID}")
        );
        yield return Operation.Of(
            "UpdateEventSourceMapping",
            json.UpdateEventSourceMappingRequest,
            json.EventSourceMappingDescription,
            (request, caller, _) => mappings.Update(request, caller),
            new RestBinding("PUT", root + "/{UUID}") { Status = 202 }
        );
        yield return Operation.Of(
            "DeleteEventSourceMapping",
            json.EventSourceMappingRequest,
            json.EventSourceMappingDescription,
            (request, caller, _) => mappings.Delete(request, caller),
            new RestBinding("DELETE", root + "/{UUID}") { Status = 202 }
        );
        yield return Operation.Of(
            "ListEventSourceMappings",
            json.ListEventSourceMappingsRequest,
            json.ListEventSourceMappingsResponse,
            mappings.List,
            new RestBinding("GET", root)
            {
                Query = new Dictionary<string, string>
                {
                    ["EventSourceArn"] = "EventSourceArn",
                    ["FunctionName"] = "FunctionName",
                    ["Marker"] = "Marker",
                    ["MaxItems"] = "MaxItems",
                },
            }
        );
    }
}
