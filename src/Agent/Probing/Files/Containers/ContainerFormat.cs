namespace Agent.Probing.Files.Containers;

enum ContainerFormat
{
    None,
    Mp4,
    FragmentedMp4,
    MpegTs,
    Matroska,
    MpegPs,
    Avi,
    Dhav,
    Ubv,
}
