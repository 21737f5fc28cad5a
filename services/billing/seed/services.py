"""The demo's price list of services (categories 01 to 07 and 14): names are usual ones, prices are not official.

A line: Chinese name|English name|spec|unit|price in yuan|class and share paid first|insurance price ceiling.
"""

from __future__ import annotations

BED = """
三人间床位费|Bed, room of three|普通病房|日/day|35.00|A|30.00
双人间床位费|Bed, room of two|普通病房|日/day|60.00|A|30.00
单人间床位费|Bed, single room|普通病房|日/day|150.00|A|30.00
层流病房床位费|Bed, laminar flow room||日/day|260.00|B10|200.00
重症监护病房床位费|Bed, intensive care||日/day|120.00|A|120.00
儿科病房床位费|Bed, paediatric room|含陪护椅|日/day|40.00|A|35.00
急诊观察床位费|Bed, emergency observation||日/day|20.00|A|20.00
日间病房床位费|Bed, day ward||日/day|25.00|A|25.00
"""

CONSULTATION = """
住院诊察费|Inpatient consultation||日/day|22.00|A|
院内会诊费|Consultation between departments|副主任医师|次/time|40.00|A|
多学科会诊费|Multidisciplinary consultation|五个科室|次/time|300.00|C|
远程会诊费|Remote consultation|单学科|次/time|260.00|C|
专家查房费|Ward round by a chief physician||次/time|50.00|A|
"""

TREATMENT = """
静脉输液|Intravenous infusion|成人|组/set|6.00|A|
静脉输液（儿童）|Intravenous infusion, child|六岁以下|组/set|9.00|A|
静脉注射|Intravenous injection||次/time|4.00|A|
肌肉注射|Intramuscular injection||次/time|2.50|A|
皮下注射|Subcutaneous injection|含胰岛素|次/time|2.50|A|
皮内注射|Intradermal injection|皮试|次/time|3.00|A|
静脉采血|Venous blood sampling||次/time|5.00|A|
动脉采血|Arterial blood sampling||次/time|15.00|A|
氧气吸入|Oxygen inhalation||小时/hour|3.00|A|
雾化吸入|Nebulised inhalation||次/time|8.00|A|
吸痰护理|Suction||次/time|4.00|A|
留置导尿|Indwelling urinary catheter||次/time|15.00|A|
导尿|Catheterisation||次/time|12.00|A|
大换药|Dressing, large||次/time|30.00|A|
中换药|Dressing, medium||次/time|20.00|A|
小换药|Dressing, small||次/time|10.00|A|
胃肠减压|Gastric decompression||日/day|20.00|A|
鼻饲管置管|Nasogastric tube||次/time|15.00|A|
灌肠|Enema||次/time|12.00|A|
心电监护|Cardiac monitoring||小时/hour|4.00|A|
血氧饱和度监测|Pulse oximetry||小时/hour|2.00|A|
无创呼吸机辅助通气|Non-invasive ventilation||小时/hour|12.00|B10|
有创呼吸机辅助通气|Invasive ventilation||小时/hour|15.00|B10|
血液透析|Haemodialysis||次/time|420.00|B10|
腹膜透析|Peritoneal dialysis||次/time|30.00|B10|
中心静脉置管|Central venous catheter||次/time|120.00|A|
经外周静脉置管|Peripherally inserted central catheter||次/time|180.00|B10|
红外线治疗|Infrared therapy||部位/site|10.00|A|
低频电疗|Low frequency electrotherapy||部位/site|15.00|B20|
关节松动训练|Joint mobilisation||次/time|40.00|B20|
"""

SURGERY = """
阑尾切除术|Appendicectomy||次/time|680.00|A|
腹腔镜阑尾切除术|Laparoscopic appendicectomy||次/time|1180.00|B10|
胆囊切除术|Cholecystectomy||次/time|900.00|A|
腹腔镜胆囊切除术|Laparoscopic cholecystectomy||次/time|1400.00|B10|
腹股沟疝修补术|Inguinal hernia repair||次/time|560.00|A|
甲状腺部分切除术|Partial thyroidectomy||次/time|980.00|A|
乳腺肿物切除术|Excision of a breast lump||次/time|480.00|A|
胃大部切除术|Partial gastrectomy||次/time|1900.00|A|
结肠切除术|Colectomy||次/time|1800.00|A|
剖宫产术|Caesarean section||次/time|950.00|A|
子宫肌瘤剔除术|Myomectomy||次/time|880.00|A|
膝关节置换术|Knee replacement||次/time|2600.00|B10|
髋关节置换术|Hip replacement||次/time|2600.00|B10|
骨折切开复位内固定术|Open reduction and internal fixation||次/time|1300.00|A|
腰椎间盘摘除术|Lumbar discectomy||次/time|1650.00|A|
白内障超声乳化术|Phacoemulsification||次/time|1100.00|A|
扁桃体切除术|Tonsillectomy||次/time|420.00|A|
冠状动脉造影术|Coronary angiography||次/time|1500.00|B10|
冠状动脉支架置入术|Coronary stenting||次/time|2800.00|B10|
心脏永久起搏器安置术|Permanent pacemaker||次/time|1800.00|B10|
清创缝合术（大）|Wound debridement and suture, large||次/time|160.00|A|
清创缝合术（小）|Wound debridement and suture, small||次/time|60.00|A|
全身麻醉|General anaesthesia|两小时内|次/time|680.00|A|
椎管内麻醉|Spinal anaesthesia|两小时内|次/time|360.00|A|
麻醉监护加收|Anaesthesia, each further hour||小时/hour|120.00|A|
"""

NURSING = """
特级护理|Special nursing||日/day|120.00|A|
一级护理|Nursing, level 1||日/day|35.00|A|
二级护理|Nursing, level 2||日/day|24.00|A|
三级护理|Nursing, level 3||日/day|15.00|A|
重症监护|Intensive care nursing||小时/hour|12.00|A|
新生儿护理|Newborn nursing||日/day|45.00|A|
口腔护理|Mouth care||次/time|6.00|A|
压疮护理|Pressure ulcer care||次/time|12.00|A|
气管切开护理|Tracheostomy care||日/day|40.00|A|
引流管护理|Drain care||根/tube|8.00|A|
"""

OTHER = """
输血前检查|Tests before transfusion||次/time|90.00|A|
悬浮红细胞|Red blood cells|一单位|单位/unit|220.00|B10|
新鲜冰冻血浆|Fresh frozen plasma|一百毫升|袋/bag|110.00|B10|
血小板|Platelets|一治疗量|治疗量/dose|1400.00|B10|
病房空调费|Ward heating||日/day|4.00|C|
院内救护车|Ambulance within the city|三公里内|次/time|50.00|C|
"""

CT_SITES = (
    *("头颅|head", "鼻窦|sinuses", "颈部|neck", "胸部|chest", "上腹部|upper abdomen", "下腹部|lower abdomen"),
    *("盆腔|pelvis", "颈椎|cervical spine", "腰椎|lumbar spine", "膝关节|knee", "髋关节|hip", "肾脏|kidneys"),
)
MRI_SITES = (
    *("头颅|head", "颈椎|cervical spine", "胸椎|thoracic spine", "腰椎|lumbar spine", "膝关节|knee"),
    *("肩关节|shoulder", "肝脏|liver", "盆腔|pelvis"),
)
X_RAY_SITES = (
    *("胸部正位|chest", "腹部立位|abdomen", "颈椎|cervical spine", "腰椎|lumbar spine", "骨盆|pelvis"),
    *("膝关节|knee", "踝关节|ankle", "手部|hand", "肩关节|shoulder", "足部|foot"),
)
ULTRASOUND_SITES = (
    *("腹部|abdomen", "泌尿系|urinary tract", "甲状腺|thyroid", "乳腺|breast", "妇科|gynaecology"),
    *("颈部血管|neck vessels", "下肢血管|leg vessels", "心脏|heart", "胎儿|foetus", "浅表肿物|superficial lump"),
)

EXAMINATION = """
常规心电图|Electrocardiogram|十二导联|次/time|20.00|A|
动态心电图|Holter monitoring|二十四小时|次/time|180.00|A|
动态血压监测|Ambulatory blood pressure|二十四小时|次/time|160.00|A|
肺功能检查|Lung function test||次/time|120.00|A|
胃镜检查|Gastroscopy||次/time|180.00|A|
结肠镜检查|Colonoscopy||次/time|260.00|A|
纤维支气管镜检查|Bronchoscopy||次/time|280.00|A|
脑电图|Electroencephalogram||次/time|80.00|A|
"""

LABORATORY = """
血常规|Complete blood count|五分类|次/time|20.00|A|
尿常规|Urinalysis||次/time|12.00|A|
粪便常规|Stool examination||次/time|8.00|A|
凝血四项|Coagulation panel||次/time|48.00|A|
D-二聚体|D-dimer||次/time|60.00|A|
肝功能|Liver function|十二项|次/time|72.00|A|
肾功能|Kidney function|四项|次/time|28.00|A|
电解质|Electrolytes|六项|次/time|30.00|A|
血糖|Blood glucose||次/time|5.00|A|
末梢血糖|Capillary blood glucose||次/time|6.00|A|
糖化血红蛋白|Glycated haemoglobin||次/time|55.00|A|
口服葡萄糖耐量试验|Oral glucose tolerance test||次/time|40.00|A|
胰岛素释放试验|Insulin release test||次/time|120.00|B10|
C肽释放试验|C-peptide release test||次/time|120.00|B10|
血脂|Lipids|四项|次/time|32.00|A|
心肌酶谱|Cardiac enzymes|五项|次/time|50.00|A|
肌钙蛋白|Troponin||次/time|80.00|A|
脑钠肽|Natriuretic peptide||次/time|150.00|B10|
C反应蛋白|C-reactive protein||次/time|20.00|A|
降钙素原|Procalcitonin||次/time|180.00|B10|
血沉|Erythrocyte sedimentation rate||次/time|6.00|A|
甲状腺功能|Thyroid function|五项|次/time|125.00|A|
乙肝五项|Hepatitis B markers||次/time|50.00|A|
血型鉴定|Blood group||次/time|18.00|A|
交叉配血|Cross-matching||次/time|30.00|A|
血气分析|Blood gas analysis||次/time|70.00|A|
血培养|Blood culture|需氧加厌氧|次/time|120.00|A|
痰培养|Sputum culture||次/time|60.00|A|
尿培养|Urine culture||次/time|60.00|A|
药敏试验|Antibiotic susceptibility||次/time|50.00|A|
甲胎蛋白|Alpha-fetoprotein||次/time|40.00|A|
癌胚抗原|Carcinoembryonic antigen||次/time|40.00|A|
糖类抗原19-9|CA 19-9||次/time|60.00|A|
前列腺特异抗原|Prostate-specific antigen||次/time|60.00|A|
尿微量白蛋白|Urinary microalbumin||次/time|30.00|A|
病理检查|Histopathology|三个蜡块内|次/time|160.00|A|
免疫组化|Immunohistochemistry||项/item|110.00|B10|
幽门螺杆菌呼气试验|Helicobacter breath test||次/time|110.00|B10|
流感病毒抗原|Influenza antigen||次/time|40.00|A|
过敏原检测|Allergen panel|二十项|次/time|280.00|C|
"""
