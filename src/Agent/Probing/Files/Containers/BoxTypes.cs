namespace Agent.Probing.Files.Containers;

/// <summary>Four-character codes as the big-endian numbers they are in the file.</summary>
static class BoxTypes
{
    internal const uint Ftyp = 0x66747970;
    internal const uint Styp = 0x73747970;
    internal const uint Free = 0x66726565;
    internal const uint Skip = 0x736B6970;
    internal const uint Wide = 0x77696465;
    internal const uint Mdat = 0x6D646174;
    internal const uint Moov = 0x6D6F6F76;
    internal const uint Mvhd = 0x6D766864;
    internal const uint Trak = 0x7472616B;
    internal const uint Tkhd = 0x746B6864;
    internal const uint Mdia = 0x6D646961;
    internal const uint Mdhd = 0x6D646864;
    internal const uint Hdlr = 0x68646C72;
    internal const uint Minf = 0x6D696E66;
    internal const uint Stbl = 0x7374626C;
    internal const uint Stts = 0x73747473;
    internal const uint Stsc = 0x73747363;
    internal const uint Stsz = 0x7374737A;
    internal const uint Stco = 0x7374636F;
    internal const uint Co64 = 0x636F3634;
    internal const uint Udta = 0x75647461;
    internal const uint Mtxi = 0x6D747869;
    internal const uint Mvex = 0x6D766578;
    internal const uint Mehd = 0x6D656864;
    internal const uint Trex = 0x74726578;
    internal const uint Sidx = 0x73696478;
    internal const uint Moof = 0x6D6F6F66;
    internal const uint Traf = 0x74726166;
    internal const uint Tfhd = 0x74666864;
    internal const uint Tfdt = 0x74666474;
    internal const uint Trun = 0x7472756E;
    internal const uint Mfra = 0x6D667261;
    internal const uint Tfra = 0x74667261;
    internal const uint Mfro = 0x6D66726F;
    internal const uint Emsg = 0x656D7367;
    internal const uint Prft = 0x70726674;

    /// <summary>The handler type of a video track, ISO/IEC 14496-12 clause 12.1.</summary>
    internal const uint Vide = 0x76696465;
}
